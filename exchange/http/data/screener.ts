import { newYorkDay } from '../../clock/new-york';
import { factorsOf } from '../../market/company/adjustment';
import { CRYPTO, INSTRUMENTS } from '../../market/instruments';
import type { Market } from '../../market/market';
import { badParameter } from '../../orders/refusals';
import { type AccountCall, ok, param, type Reply } from '../call';
import { countOf } from '../query';
import { takeTurns } from './turns';
import { nanoTime } from './wire';

/** Where a symbol stands today. Dollars; `change` since the close before. */
interface Standing {
  readonly symbol: string;
  readonly price: number;
  readonly change: number;
  readonly percent: number;
  readonly volume: number;
  readonly trades: number;
}

const cents = (value: number): number => Math.round(value * 100) / 100;

function standingOf(market: Market, symbol: string, now: number): Standing | null {
  const { today, previous } = market.dailyBars(symbol, now);
  if (today === null || previous === null) return null;
  const splits = market.events(symbol, newYorkDay(today.start));
  const { price: factor } = factorsOf(newYorkDay(previous.start), splits, { split: true, dividend: false });
  const [price, before] = [today.close / 1_000_000, (previous.close * factor) / 1_000_000];
  return {
    symbol,
    price,
    change: cents(price - before),
    percent: cents((price / before - 1) * 100),
    volume: today.volume,
    trades: today.trades,
  };
}

/** All standings of a market, kept for a minute: the screeners move no faster. */
const kept = new WeakMap<Market, Map<string, { minute: number; standings: readonly Standing[] }>>();

async function standings(call: AccountCall, type: 'stocks' | 'crypto'): Promise<readonly Standing[]> {
  const { market, clock } = call.venue;
  const now = clock.now();
  const minute = Math.floor(now / 60_000);
  const own = kept.get(market) ?? new Map<string, { minute: number; standings: readonly Standing[] }>();
  kept.set(market, own);
  const known = own.get(type);
  if (known !== undefined && known.minute === minute) return known.standings;
  const turn = takeTurns();
  const found: Standing[] = [];
  for (const symbol of (type === 'stocks' ? INSTRUMENTS : CRYPTO).keys()) {
    await turn();
    const standing = standingOf(market, symbol, now);
    if (standing !== null) found.push(standing);
  }
  own.set(type, { minute, standings: found });
  return found;
}

/** GET /v1beta1/screener/stocks/most-actives. */
export async function getMostActives(call: AccountCall): Promise<Reply> {
  const by = call.query.get('by') || 'volume';
  if (by !== 'volume' && by !== 'trades') throw badParameter(`invalid by: ${by.slice(0, 40)}`);
  const top = countOf(call.query, 'top', { fallback: 10, most: 100 });
  const sorted = [...(await standings(call, 'stocks'))].sort((a, b) => b[by] - a[by]);
  return ok({
    most_actives: sorted
      .slice(0, top)
      .map(({ symbol, volume, trades }) => ({ symbol, volume, trade_count: trades })),
    last_updated: nanoTime(Math.floor(call.venue.clock.now() / 60_000) * 60_000),
  });
}

/** GET /v1beta1/screener/{market type}/movers. */
export async function getMovers(call: AccountCall): Promise<Reply> {
  const type = param(call, 'type');
  if (type !== 'stocks' && type !== 'crypto') throw badParameter(`invalid market_type: ${type.slice(0, 40)}`);
  const top = countOf(call.query, 'top', { fallback: 10, most: 50 });
  const sorted = [...(await standings(call, type))].sort((a, b) => b.percent - a.percent);
  const write = ({ symbol, price, change, percent }: Standing): unknown => ({
    symbol,
    price,
    change,
    percent_change: percent,
  });
  return ok({
    gainers: sorted
      .filter((one) => one.percent > 0)
      .slice(0, top)
      .map(write),
    losers: sorted
      .filter((one) => one.percent < 0)
      .reverse()
      .slice(0, top)
      .map(write),
    market_type: type,
    last_updated: nanoTime(Math.floor(call.venue.clock.now() / 60_000) * 60_000),
  });
}
