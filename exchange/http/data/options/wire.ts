import type { OptionContract } from '../../../derivatives/contracts/contract-book';
import {
  type OptionMarket,
  optionMarketOf,
  type OptionQuote,
  type OptionTrade,
} from '../../../derivatives/option-market';
import { newYorkDay } from '../../../clock/new-york';
import { tradingDayBefore } from '../../../market/company/company-calendar';
import { badParameter, Refusal } from '../../../orders/refusals';
import type { AccountCall } from '../../call';
import { OPTION_SYMBOLS, symbolsOf } from '../request';
import { barJson, dollars, nanoTime, sidesJson } from '../wire';

/** Condition of an automatic execution, and of regular trading: text here, not a list (Alpaca OpenAPI). */
export const optionTradeJson = (trade: OptionTrade): Record<string, unknown> => ({
  t: nanoTime(trade.at),
  x: trade.exchange,
  p: dollars(trade.price),
  s: trade.size,
  c: 'I',
});

export const optionQuoteJson = (quote: OptionQuote): Record<string, unknown> => ({
  ...sidesJson(quote),
  c: 'A',
});

/** The contracts that a request names and that exist: unknown ones are left out. */
export function contractsOf(call: AccountCall): Map<string, OptionContract> {
  const { contracts } = optionMarketOf(call.venue.market);
  const day = newYorkDay(call.venue.clock.now());
  const found = new Map<string, OptionContract>();
  for (const symbol of symbolsOf(call, OPTION_SYMBOLS)) {
    const contract = contracts.find(symbol, day);
    if (contract !== undefined) found.set(symbol, contract);
  }
  return found;
}

/** Refuses unknown option feeds, and OPRA for those who have not subscribed to it. */
export function checkOptionFeed(call: AccountCall): void {
  const feed = call.query.get('feed');
  if (feed === null || feed === '' || feed === 'indicative') return;
  if (feed !== 'opra') throw badParameter(`invalid feed: ${feed.slice(0, 40)}`);
  if (call.plan === 'free') throw new Refusal(403, null, 'OPRA agreement is not signed');
}

const rounded = (value: number): number => Math.round(value * 1e10) / 1e10;

/** Everything about a contract now; keys without data are left out. Null when nothing is new since then. */
export function snapshotJson(
  market: OptionMarket,
  contract: OptionContract,
  { now, since }: { now: number; since: number },
): Record<string, unknown> | null {
  const quote = market.quoteAt(contract, now);
  // A trade is never newer than now, and the quote seldom older: most are settled without a search.
  if (since > now) return null;
  const trade = market.tradeAt(contract, now);
  if (Math.max(quote?.at ?? 0, trade?.at ?? 0) < since) return null;
  const json: Record<string, unknown> = {};
  if (trade !== undefined) json['latestTrade'] = optionTradeJson(trade);
  if (quote !== undefined) {
    const { impliedVolatility, greeks } = market.riskAt(contract, market.activeAt(now), now);
    json['latestQuote'] = optionQuoteJson(quote);
    json['impliedVolatility'] = rounded(impliedVolatility);
    json['greeks'] = Object.fromEntries(
      Object.entries(greeks).map(([name, value]) => [name, rounded(value)]),
    );
  }
  const today = newYorkDay(market.activeAt(now));
  const minute = { unit: 'minute', count: 1 } as const;
  const from = Math.floor((market.activeAt(now) - 60_000) / 60_000) * 60_000;
  const [bar] = market.bars(contract, minute, { from, to: from + 60_000 }, now);
  if (bar !== undefined) json['minuteBar'] = barJson(bar);
  const [daily, before] = [today, tradingDayBefore(today)].map((day) => market.dailyBar(contract, day, now));
  if (daily) json['dailyBar'] = barJson(daily);
  if (before) json['prevDailyBar'] = barJson(before);
  return json;
}
