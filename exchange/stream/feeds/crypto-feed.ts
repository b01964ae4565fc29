import { MINUTE_MS } from '../../clock/new-york';
import { type OrderBook, orderBookAt } from '../../crypto/order-book';
import { cryptoBarJson, cryptoQuoteJson, cryptoTradeJson, orderBookJson } from '../../http/data/crypto/wire';
import { CRYPTO } from '../../market/instruments';
import type { Market, Span } from '../../market/market';
import type { Channel } from '../channels';
import { StreamTime } from '../events';
import { beatIn, type Feed, type Message } from './feed';

const BOOK_MS = 1_000;

/** The stream of crypto: /v1beta3/crypto/us. Books are always whole ones (`r`). */
export class CryptoFeed implements Feed {
  readonly channels = ['trades', 'quotes', 'bars', 'updatedBars', 'dailyBars', 'orderbooks'] as const;
  readonly packedOnly = false;
  readonly #market: Market;
  readonly #live: (symbol: string) => OrderBook | undefined;

  /** @param live the book in which orders rest, where there is one. */
  constructor(market: Market, live: (symbol: string) => OrderBook | undefined = () => undefined) {
    this.#market = market;
    this.#live = live;
  }

  symbols(): Iterable<string> {
    return CRYPTO.keys();
  }

  refuse(): null {
    return null;
  }

  isQuiet(channel: Channel, span: Span): boolean {
    if (channel === 'trades' || channel === 'quotes') return false;
    return beatIn(span, channel === 'orderbooks' ? BOOK_MS : MINUTE_MS) === null;
  }

  *messages(channel: Channel, symbol: string, span: Span): Generator<Message> {
    if (!CRYPTO.has(symbol)) return;
    if (channel === 'trades') yield* this.#trades(symbol, span);
    else if (channel === 'quotes') yield* this.#quotes(symbol, span);
    else if (channel === 'orderbooks') yield* this.#books(symbol, span);
    else if (channel === 'bars' || channel === 'dailyBars') yield* this.#bars(channel, symbol, span);
  }

  *#trades(symbol: string, span: Span): Generator<Message> {
    for (const trade of this.#market.trades(symbol, span)) {
      yield { T: 't', S: symbol, ...cryptoTradeJson(trade, symbol), t: new StreamTime(trade.at, true) };
    }
  }

  *#quotes(symbol: string, span: Span): Generator<Message> {
    for (const quote of this.#market.quotes(symbol, span)) {
      yield { T: 'q', S: symbol, ...cryptoQuoteJson(quote, symbol), t: new StreamTime(quote.at, true) };
    }
  }

  *#books(symbol: string, span: Span): Generator<Message> {
    const at = beatIn(span, BOOK_MS);
    const book = at === null ? undefined : (this.#live(symbol) ?? orderBookAt(this.#market, symbol, at));
    if (book === undefined) return;
    yield { T: 'o', S: symbol, ...orderBookJson(book), t: new StreamTime(book.at, true), r: true };
  }

  *#bars(channel: 'bars' | 'dailyBars', symbol: string, span: Span): Generator<Message> {
    const end = beatIn(span, MINUTE_MS);
    if (end === null) return;
    const bar =
      channel === 'bars' ? this.#market.minuteBar(symbol, end) : this.#market.dailyBars(symbol, end).today;
    if (bar == null) return;
    const T = channel === 'bars' ? 'b' : 'd';
    yield { T, S: symbol, ...cryptoBarJson(bar, symbol), t: new StreamTime(bar.start, false) };
  }
}
