import { type Session, sessionOf } from '../../clock/calendar';
import { DAY_MS, isoDate, newYorkDay } from '../../clock/new-york';
import { bits, keyOf } from '../../market/hash';
import { INSTRUMENTS, PRIMARY } from '../../market/instruments';
import type { Market, Span } from '../../market/market';
import type { AccountCall, Reply } from '../call';
import { answerHistory } from './history';
import { historyOf } from './request';
import { dollars, nanoTime } from './wire';

/** Opening and closing auction of a symbol on a day. Prices in micro-dollars, sizes in shares. */
export interface DailyAuctions {
  readonly day: number;
  readonly open: AuctionPrint | null;
  readonly close: AuctionPrint | null;
}

export interface AuctionPrint {
  readonly at: number;
  readonly price: number;
  readonly size: number;
}

function printOf(market: Market, symbol: string, at: number, side: 'open' | 'close'): AuctionPrint | null {
  const instrument = INSTRUMENTS.get(symbol);
  const trade =
    side === 'open'
      ? first(market.trades(symbol, { from: at, to: at + 60_000 }))
      : market.tradeAt(symbol, at);
  if (instrument === undefined || trade === undefined) return null;
  const draw = bits(
    keyOf(market.seed, `${symbol}/auction`),
    Math.floor(at / DAY_MS),
    side === 'open' ? 1 : 2,
    0,
  );
  const share = (side === 'open' ? 0.01 : 0.06) * (0.6 + (draw % 1000) / 1250);
  // The auction prints a moment after the bell, at the price the session begins or ends with.
  return { at: at + 100 + (draw % 900), price: trade.price, size: Math.floor(instrument.volume * share) };
}

function first<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

/** The auctions of a session, as far as they are over at `now`. */
export function auctionsOf(market: Market, symbol: string, session: Session, now: number): DailyAuctions {
  const open = session.open + 1_000 <= now ? printOf(market, symbol, session.open, 'open') : null;
  const close = session.close + 1_000 <= now ? printOf(market, symbol, session.close, 'close') : null;
  return { day: session.day, open, close };
}

function* auctionsIn(market: Market, symbol: string, span: Span, now: number): Generator<DailyAuctions> {
  if (!INSTRUMENTS.has(symbol)) return;
  for (let day = newYorkDay(span.from); day <= newYorkDay(span.to); day += 1) {
    const session = sessionOf(day);
    if (session === null || session.open < span.from || session.open >= span.to) continue;
    const auctions = auctionsOf(market, symbol, session, now);
    if (auctions.open !== null) yield auctions;
  }
}

/** An auction print appears twice: as a print and as the official price (Alpaca docs: conditions O/Q, 6/M). */
function printsJson(print: AuctionPrint | null, symbol: string, codes: readonly string[]): unknown[] {
  if (print === null) return [];
  const x = PRIMARY[INSTRUMENTS.get(symbol)?.exchange ?? 'NASDAQ'];
  const common = { t: nanoTime(print.at), x, p: dollars(print.price), s: print.size };
  return codes.map((c) => ({ ...common, c }));
}

/** GET /v2/stocks/auctions and /v2/stocks/{symbol}/auctions. */
export function getAuctions(call: AccountCall): Promise<Reply> {
  const request = historyOf(call, ['sip']);
  return answerHistory(call, request, {
    name: 'auctions',
    unit: 'A',
    list: (symbol, span) => auctionsIn(call.venue.market, symbol, span, request.now),
    timeOf: ({ day }) => sessionOf(day)?.open ?? 0,
    toJson: ({ day, open, close }, symbol) => ({
      d: isoDate(day),
      o: printsJson(open, symbol, ['O', 'Q']),
      c: printsJson(close, symbol, ['6', 'M']),
    }),
    stride: 10 * DAY_MS,
  });
}
