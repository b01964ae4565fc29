import { sessionOf } from '../../clock/calendar';
import { MINUTE_MS, newYorkDay } from '../../clock/new-york';
import { barJson, dollars, quoteJson, tapeOf, tradeJson } from '../../http/data/wire';
import { keyOf, uniform } from '../../market/hash';
import { INSTRUMENTS } from '../../market/instruments';
import type { Market, Span } from '../../market/market';
import type { Bar } from '../../market/ticks';
import type { Channel, Subscriptions } from '../channels';
import type { StreamErrorCode } from '../data-client';
import { StreamTime } from '../events';
import { beatIn, type Feed, type Message } from './feed';

/** Alpaca docs: the free plan streams trades and quotes of 30 symbols. */
const FREE_SYMBOLS = 30;
/** Share of minutes whose last trade is reported late, so that their bar is sent again at :30. */
const LATE = 0.05;
const MINUTE_FRAME = { unit: 'minute', count: 1 } as const;

/** Trading status and reason codes of the tapes (Alpaca docs: real-time stock data, trading status). */
const STATUSES = {
  cta: {
    status: { news: ['2', 'Trading Halt'], luld: ['2', 'Trading Halt'], resumed: ['3', 'Resume'] },
    reason: { news: ['P', 'News Pending'], luld: ['M', 'Limit Up-Limit Down (LULD) Trading Pause'] },
  },
  utp: {
    status: {
      news: ['H', 'Trading Halt'],
      luld: ['P', 'Volatility Trading Pause'],
      resumed: ['T', 'Trading Resumption'],
    },
    reason: { news: ['T1', 'Halt News Pending'], luld: ['LUDP', 'Volatility Trading Pause'] },
  },
} as const;

/** The stream of stocks: /v2/iex, /v2/sip, /v2/delayed_sip. */
export class StockFeed implements Feed {
  readonly channels = [
    'trades',
    'quotes',
    'bars',
    'updatedBars',
    'dailyBars',
    'statuses',
    'lulds',
    'imbalances',
  ] as const;
  readonly packedOnly = false;
  readonly #market: Market;
  readonly #plan: 'free' | 'paid';

  constructor(market: Market, plan: 'free' | 'paid') {
    this.#market = market;
    this.#plan = plan;
  }

  symbols(): Iterable<string> {
    return INSTRUMENTS.keys();
  }

  refuse(wanted: Subscriptions): StreamErrorCode | null {
    if (this.#plan === 'paid') return null;
    const limited = new Set([...wanted.of('trades'), ...wanted.of('quotes')]);
    return limited.size > FREE_SYMBOLS || limited.has('*') ? 405 : null;
  }

  isQuiet(channel: Channel, span: Span): boolean {
    if (channel === 'bars' || channel === 'dailyBars' || channel === 'lulds')
      return beatIn(span, MINUTE_MS) === null;
    if (channel === 'updatedBars') return beatIn(shifted(span), MINUTE_MS) === null;
    return channel === 'imbalances' && beatIn(span, 5_000) === null;
  }

  messages(channel: Channel, symbol: string, span: Span): Iterable<Message> {
    if (!INSTRUMENTS.has(symbol)) return [];
    switch (channel) {
      case 'trades':
        return this.#trades(symbol, span);
      case 'quotes':
        return this.#quotes(symbol, span);
      case 'bars':
        return this.#bars(symbol, span);
      case 'updatedBars':
        return this.#updatedBars(symbol, span);
      case 'dailyBars':
        return this.#dailyBars(symbol, span);
      case 'statuses':
        return this.#statuses(symbol, span);
      case 'lulds':
        return this.#lulds(symbol, span);
      case 'imbalances':
        return this.#imbalances(symbol, span);
      default:
        return [];
    }
  }

  *#trades(symbol: string, span: Span): Generator<Message> {
    for (const trade of this.#market.trades(symbol, span)) {
      yield { T: 't', S: symbol, ...tradeJson(trade, tapeOf(symbol)), t: new StreamTime(trade.at, true) };
    }
  }

  *#quotes(symbol: string, span: Span): Generator<Message> {
    for (const quote of this.#market.quotes(symbol, span)) {
      yield { T: 'q', S: symbol, ...quoteJson(quote, tapeOf(symbol)), t: new StreamTime(quote.at, true) };
    }
  }

  /** Just after the minute. A bar whose last trade is late goes without it first. */
  *#bars(symbol: string, span: Span): Generator<Message> {
    for (const bar of this.#minuteBars(symbol, span)) {
      const early = this.#isLate(symbol, bar.start) ? this.#withoutLast(symbol, bar) : bar;
      yield barMessage('b', symbol, early);
    }
  }

  /** Half a minute later: the bars whose last trade came late, now whole. */
  *#updatedBars(symbol: string, span: Span): Generator<Message> {
    for (const bar of this.#minuteBars(symbol, shifted(span))) {
      if (this.#isLate(symbol, bar.start)) yield barMessage('u', symbol, bar);
    }
  }

  *#dailyBars(symbol: string, span: Span): Generator<Message> {
    for (const _ of this.#minuteBars(symbol, span)) {
      const { today } = this.#market.dailyBars(symbol, span.to);
      if (today !== null) yield barMessage('d', symbol, today);
      return;
    }
  }

  *#statuses(symbol: string, span: Span): Generator<Message> {
    const tape = tapeOf(symbol);
    for (const { at, halted, why } of this.#market.haltChanges(symbol, span)) {
      const { status, reason } = STATUSES[tape === 'C' ? 'utp' : 'cta'];
      const [sc, sm] = halted ? status[why] : status.resumed;
      const [rc, rm] = halted ? reason[why] : ['', ''];
      yield { T: 's', S: symbol, sc, sm, rc, rm, t: new StreamTime(at, true), z: tape };
    }
  }

  *#lulds(symbol: string, span: Span): Generator<Message> {
    const minute = beatIn(span, MINUTE_MS);
    const bands = minute === null ? null : this.#market.bandsAt(symbol, minute);
    if (minute === null || bands === null) return;
    const before = this.#market.bandsAt(symbol, minute - MINUTE_MS);
    if (before?.up === bands.up && before.down === bands.down) return;
    const [u, d] = [dollars(bands.up), dollars(bands.down)];
    yield { T: 'l', S: symbol, u, d, i: 'B', t: new StreamTime(minute, true), z: tapeOf(symbol) };
  }

  /** Around the auctions, and while trading is halted. */
  *#imbalances(symbol: string, span: Span): Generator<Message> {
    const at = beatIn(span, 5_000);
    if (at === null) return;
    const session = sessionOf(newYorkDay(at));
    const ahead = session === null ? -1 : (at < session.open ? session.open : session.close) - at;
    const auction = ahead > 0 && ahead <= 2 * MINUTE_MS;
    const trade = this.#market.tradeAt(symbol, at);
    if (trade === undefined || (!auction && !this.#market.isHalted(symbol, at))) return;
    yield { T: 'i', S: symbol, p: dollars(trade.price), t: new StreamTime(at, true), z: tapeOf(symbol) };
  }

  /** Bars of the minutes that ended in a span. */
  *#minuteBars(symbol: string, span: Span): Generator<Bar> {
    const end = beatIn(span, MINUTE_MS);
    if (end === null) return;
    const from = Math.ceil(span.from / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
    yield* this.#market.bars(symbol, MINUTE_FRAME, { from, to: end }, end);
  }

  #isLate(symbol: string, minute: number): boolean {
    return uniform(keyOf(this.#market.seed, `${symbol}/late`), Math.floor(minute / MINUTE_MS), 0, 0) < LATE;
  }

  #withoutLast(symbol: string, bar: Bar): Bar {
    const trades = [...this.#market.trades(symbol, { from: bar.start, to: bar.start + MINUTE_MS })];
    const late = trades.pop();
    const last = trades.at(-1);
    if (late === undefined || last === undefined) return bar;
    const prices = trades.map((trade) => trade.price);
    const [high, low] = [Math.max(...prices), Math.min(...prices)];
    return {
      ...bar,
      high,
      low,
      close: last.price,
      volume: bar.volume - late.size,
      trades: bar.trades - 1,
      vwap: Math.min(high, Math.max(low, bar.vwap)),
    };
  }
}

/** Half a minute earlier. */
const shifted = ({ from, to }: Span): Span => ({ from: from - MINUTE_MS / 2, to: to - MINUTE_MS / 2 });

const barMessage = (kind: 'b' | 'd' | 'u', symbol: string, bar: Bar): Message => ({
  T: kind,
  S: symbol,
  ...barJson(bar),
  t: new StreamTime(bar.start, false),
});
