import type { Position } from '@/domain/account/position';
import { netQuote } from '@/domain/market/net-quote';
import { readOption, underlyingOf } from '@/domain/market/option-contract';
import { newestTime } from '@/domain/market/quote';
import { exact, plain } from '@/domain/money';
import type { RiskFacts, RiskOrder } from '@/domain/risk/facts';
import { isOptionOrder } from '@/domain/risk/worth';
import type { Feed } from '@/server/market-data/feeds';
import { patiently } from '@/server/platform/patience';

/** How long an order waits for its quote: one at market cannot be judged without, another should not be held up. */
const QUOTE_WAIT_MS = { market: 3_000, other: 300 };

type OrderPrices = Pick<RiskFacts, 'bid' | 'ask' | 'last'> & { time: number | null };

/** The market an order meets, with the exchange's time in epoch ms; null is what is not known. */
export async function pricesFor(feed: Feed, order: RiskOrder): Promise<OrderPrices> {
  if (isOptionOrder(order)) return optionPrices(feed, order);
  const { symbol, type } = order;
  const wait = type === 'market' ? QUOTE_WAIT_MS.market : QUOTE_WAIT_MS.other;
  const asked = async () => (await patiently(feed.hub.latest([symbol]), wait, null))?.get(symbol);
  const quote = feed.hub.peek(symbol) ?? (await asked()) ?? null;
  return {
    bid: quote?.bid ?? null,
    ask: quote?.ask ?? null,
    last: quote?.last ?? null,
    time: quote === null ? null : newestTime(quote),
  };
}

/** Options are not streamed: each order asks for their quotes, and a limit order needs them too. */
async function optionPrices(feed: Feed, { symbol, legs }: RiskOrder): Promise<OrderPrices> {
  const parts = legs ?? [{ symbol, side: 'buy' as const, ratioQty: '1' }];
  const asked = feed.optionQuotes(parts.map((part) => part.symbol));
  const quotes = await patiently(asked, QUOTE_WAIT_MS.market, null);
  const { bid, ask, quotedAt } = netQuote(parts, quotes ?? new Map());
  return { bid, ask, last: null, time: quotedAt === null ? null : Date.parse(quotedAt) };
}

/** What an account holds of what an order trades, and what would cover it. */
export function heldFacts(order: RiskOrder, positions: readonly Position[]) {
  const held = new Map(positions.map(({ symbol, qty }) => [symbol, qty]));
  const { symbol, legs } = order;
  if (legs !== undefined) return { heldLegs: held };
  if (!isOptionOrder(order)) return { heldQty: held.get(symbol) ?? '0' };
  const underlying = underlyingOf(symbol);
  const callsSold = positions.reduce((sum, { symbol: name, qty }) => {
    const option = readOption(name);
    const isOwn = option?.kind === 'call' && option.underlying === underlying && exact(qty).isNegative();
    return isOwn ? sum.minus(qty) : sum;
  }, exact(0));
  const shares = exact(held.get(underlying) ?? '0').minus(callsSold.times(100));
  return { heldQty: held.get(symbol) ?? '0', coveringShares: plain(shares) };
}
