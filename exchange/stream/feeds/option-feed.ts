import { newYorkDay } from '../../clock/new-york';
import type { OptionContract } from '../../derivatives/contracts/contract-book';
import { OPTION_UNDERLYINGS } from '../../derivatives/contracts/underlyings';
import { type OptionMarket, optionMarketOf, printMomentIn, QUOTE_MS } from '../../derivatives/option-market';
import { optionQuoteJson, optionTradeJson } from '../../http/data/options/wire';
import type { Market, Span } from '../../market/market';
import type { Channel, Subscriptions } from '../channels';
import type { StreamErrorCode } from '../data-client';
import { StreamTime } from '../events';
import { beatIn, type Feed, type Message } from './feed';

/** Alpaca docs: option quotes a connection may ask for, by plan. */
const MOST_QUOTES = { free: 200, paid: 1_000 } as const;

/** The stream of options: /v1beta1/indicative and /v1beta1/opra. */
export class OptionFeed implements Feed {
  readonly channels = ['trades', 'quotes'] as const;
  readonly packedOnly = true;
  readonly #options: OptionMarket;
  readonly #now: () => number;
  readonly #plan: 'free' | 'paid';
  readonly #known = new Map<string, OptionContract | undefined>();
  #all: { day: number; symbols: string[] } = { day: -1, symbols: [] };

  constructor(market: Market, plan: 'free' | 'paid', now: () => number) {
    this.#options = optionMarketOf(market);
    this.#plan = plan;
    this.#now = now;
  }

  symbols(): Iterable<string> {
    const day = newYorkDay(this.#now());
    if (this.#all.day !== day) {
      const expiries = { from: day, to: day + 900 };
      const symbols = [...OPTION_UNDERLYINGS].flatMap((root) =>
        [...this.#options.contracts.list(root, day, expiries)].map((contract) => contract.symbol),
      );
      this.#all = { day, symbols };
    }
    return this.#all.symbols;
  }

  refuse(wanted: Subscriptions): StreamErrorCode | null {
    const quotes = wanted.of('quotes');
    if (quotes.has('*')) return 413;
    return quotes.size > MOST_QUOTES[this.#plan] ? 405 : null;
  }

  isQuiet(channel: Channel, span: Span): boolean {
    return channel === 'trades' ? !printMomentIn(span) : beatIn(span, QUOTE_MS) === null;
  }

  *messages(channel: Channel, symbol: string, span: Span): Generator<Message> {
    const contract = this.#find(symbol);
    if (contract === undefined) return;
    if (channel === 'trades') {
      for (const trade of this.#options.trades(contract, span)) {
        yield { T: 't', S: symbol, ...optionTradeJson(trade), t: new StreamTime(trade.at, true) };
      }
    }
    if (channel === 'quotes') {
      for (const quote of this.#options.quotes(contract, span)) {
        yield { T: 'q', S: symbol, ...optionQuoteJson(quote), t: new StreamTime(quote.at, true) };
      }
    }
  }

  #find(symbol: string): OptionContract | undefined {
    if (!this.#known.has(symbol)) {
      if (this.#known.size > 60_000) this.#known.clear();
      this.#known.set(symbol, this.#options.contracts.find(symbol, newYorkDay(this.#now())));
    }
    return this.#known.get(symbol);
  }
}
