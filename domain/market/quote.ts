import { z } from 'zod';
import { decimalString } from '../money';
import { symbolSchema } from './symbols';
import { instant } from '../time';

/** Where a price comes from: the exchange in the box, an Alpaca feed, or Interactive Brokers. */
export const quoteSource = z.enum(['simulated', 'iex', 'sip', 'ibkr']);
export type QuoteSource = z.infer<typeof quoteSource>;

/**
 * The best bid and ask and the last trade of a symbol, as far as they are known: what is missing is
 * null, never 0. Sizes are shares.
 */
export const quoteSchema = z
  .object({
    symbol: symbolSchema,
    bid: decimalString.nullable(),
    bidSize: z.number().nonnegative().nullable(),
    ask: decimalString.nullable(),
    askSize: z.number().nonnegative().nullable(),
    quotedAt: instant.nullable().describe('exchange time of bid and ask'),
    last: decimalString.nullable(),
    lastSize: z.number().nonnegative().nullable(),
    tradedAt: instant.nullable().describe('exchange time of the last trade'),
    previousClose: decimalString.nullable().describe("the previous session's close"),
    receivedAt: instant.describe('when this desk received the newest part'),
    source: quoteSource,
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof quoteSchema>;

/** A quote in an answer also says how old it was when the answer left, in milliseconds. */
export const agedQuote = quoteSchema
  .extend({
    ageMs: z
      .number()
      .int()
      .nonnegative()
      .nullable()
      .describe('age of the newest part by exchange time; null when unknown'),
    stale: z.boolean().describe('older than the limit, or not known'),
  })
  .meta({ id: 'AgedQuote' });
export type AgedQuote = z.infer<typeof agedQuote>;

/** A price older than this is shown as stale while the market is open. */
export const STALE_AFTER_MS = 15_000;

/** The newest exchange time a quote carries, in epoch milliseconds; null when it carries none. */
export function newestTime(quote: Pick<Quote, 'quotedAt' | 'tradedAt'>): number | null {
  const quoted = quote.quotedAt === null ? null : Date.parse(quote.quotedAt);
  const traded = quote.tradedAt === null ? null : Date.parse(quote.tradedAt);
  return quoted === null || traded === null ? (quoted ?? traded) : Math.max(quoted, traded);
}

/** Adds the age at `now` (epoch ms). */
export function withAge(quote: Quote, now: number): AgedQuote {
  const time = newestTime(quote);
  const ageMs = time === null ? null : Math.max(0, Math.round(now - time));
  return { ...quote, ageMs, stale: ageMs === null || ageMs > STALE_AFTER_MS };
}
