import { sessionOf, sessionUntil } from '../clock/calendar';
import { instantOf, MINUTE_MS, newYorkDay } from '../clock/new-york';
import { bits, keyOf, uniform } from '../market/hash';
import type { Market, Span } from '../market/market';
import type { Bar } from '../market/ticks';
import { barEnd, barStart, grouped, type Timeframe } from '../market/timeframe';
import { americanGreeks, americanPrice } from './american';
import type { Greeks } from './black-scholes';
import { ContractBook, isListed, type OptionContract } from './contracts/contract-book';
import { SurfaceModel } from './model';

/** A best bid and offer. Prices in micro-dollars a share, sizes in contracts; a bid may be 0. */
export interface OptionQuote {
  readonly at: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly bidExchange: string;
  readonly askExchange: string;
}

/** A print, in the same units. */
export interface OptionTrade {
  readonly at: number;
  readonly price: number;
  readonly size: number;
  readonly exchange: string;
}

/** Best prices of options change at most so often. */
export const QUOTE_MS = 2_000;
const SLOT_MS = 15_000;
/** How far back the last print is looked for. */
const MOST_DAYS = 28;
const VENUES = ['C', 'A', 'N', 'Q', 'X', 'Z'] as const;
const FINE = new Set(['SPY', 'QQQ', 'IWM']);

const printMoment = (slot: number): number =>
  slot * SLOT_MS + 200 + (bits(0x51, slot, 0, 0) % (SLOT_MS - 400));

/** Whether any option can print in a span: all of them print at the same moments. */
export function printMomentIn({ from, to }: Span): boolean {
  for (let slot = Math.floor(from / SLOT_MS); slot * SLOT_MS < to; slot += 1) {
    const at = printMoment(slot);
    if (at >= from && at < to) return true;
  }
  return false;
}

/** Step of an option's price: a cent below $3, a nickel above, a cent always for the three big funds. */
export const optionTick = (root: string, price: number): number =>
  price < 3_000_000 || FINE.has(root) ? 10_000 : 50_000;

/** Quotes and prints of options: a function of the underlying's path, the surface and the seed. */
export class OptionMarket {
  readonly contracts: ContractBook;
  readonly #market: Market;
  readonly #surfaces: SurfaceModel;
  readonly #spots = new Map<string, { mid: number; quotedAt: number }>();
  readonly #daily = new Map<string, Bar | null>();

  constructor(market: Market) {
    this.#market = market;
    this.contracts = new ContractBook(market);
    this.#surfaces = new SurfaceModel(market);
  }

  /** The last instant up to `at` at which options were traded: they have no early or late session. */
  activeAt(at: number): number {
    if (this.#market.alwaysOpen) return at;
    const session = sessionUntil(newYorkDay(at));
    if (at >= session.open) return Math.min(at, session.close - 1);
    return sessionUntil(session.day - 1).close - 1;
  }

  /** Mid of the underlying, dollars, in the shares of a later instant (`asOf`): a split may lie between. */
  spotAt(root: string, at: number, asOf = at): number {
    const id = `${root}/${at}`;
    let kept = this.#spots.get(id);
    if (kept === undefined) {
      const quote = this.#market.quoteAt(root, at);
      kept =
        quote === undefined
          ? { mid: 0, quotedAt: at }
          : { mid: (quote.bid + quote.ask) / 2_000_000, quotedAt: quote.at };
      if (this.#spots.size > 20_000) this.#spots.clear();
      this.#spots.set(id, kept);
    }
    return kept.mid * this.#market.splitFactor(root, kept.quotedAt, asOf);
  }

  /** What a contract delivers, for each of 100 shares that its strike is multiplied with. Dollars. */
  #deliveryAt(contract: OptionContract, at: number, asOf: number): number {
    const spot = this.spotAt(contract.root, at, asOf);
    if (contract.suffix === 0) return spot;
    return (spot * this.contracts.sharesOf(contract, newYorkDay(asOf))) / 100;
  }

  /** The model's value in dollars a share, for a contract as it is at a later instant. */
  valueAt(contract: OptionContract, at: number, asOf = at): number {
    return americanPrice(this.#surfaces.termsAt(contract, this.#deliveryAt(contract, at, asOf), at));
  }

  /** Implied volatility a year and greeks, for the underlying's mid. */
  riskAt(contract: OptionContract, at: number, asOf = at): { impliedVolatility: number; greeks: Greeks } {
    const terms = this.#surfaces.termsAt(contract, this.#deliveryAt(contract, at, asOf), at);
    return { impliedVolatility: terms.volatility, greeks: americanGreeks(terms) };
  }

  /**
   * The best bid and offer in force at an instant, for a contract as it is at a later one; undefined
   * before the listing and after expiry.
   */
  quoteAt(contract: OptionContract, at: number, asOf = at): OptionQuote | undefined {
    const active = this.activeAt(at);
    if (!isListed(contract, active) || at >= contract.expiresAt) return undefined;
    return this.#quote(contract, Math.floor(active / QUOTE_MS), asOf);
  }

  /** Changes of the best prices in a span. */
  *quotes(contract: OptionContract, span: Span): Generator<OptionQuote> {
    for (let n = Math.ceil(span.from / QUOTE_MS); n * QUOTE_MS < span.to; n += 1) {
      const at = n * QUOTE_MS;
      if (isListed(contract, at) && this.#isActive(contract.root, at)) yield this.#quote(contract, n);
    }
  }

  /** The last print at or before an instant, within the last weeks. */
  tradeAt(contract: OptionContract, at: number): OptionTrade | undefined {
    const until = Math.min(this.activeAt(at), contract.expiresAt - 1);
    const last = newYorkDay(until);
    for (let day = last; day >= Math.max(contract.listed, last - MOST_DAYS); day -= 1) {
      const stretch = this.#stretchOn(day);
      if (stretch === null || stretch.from > until) continue;
      const odds = this.#oddsOn(contract, day);
      const first = Math.floor(stretch.from / SLOT_MS);
      for (let slot = Math.floor(Math.min(until, stretch.to - 1) / SLOT_MS); slot >= first; slot -= 1) {
        if (uniform(odds.key, slot, 8, 0) >= odds.chance) continue;
        const trade = this.#tradeIn(contract, slot, odds.key);
        if (trade !== null && trade.at <= until) return trade;
      }
    }
    return undefined;
  }

  /** Prints in a span, oldest first. */
  *trades(contract: OptionContract, span: Span): Generator<OptionTrade> {
    const last = Math.min(newYorkDay(span.to), contract.expiry);
    for (let day = Math.max(newYorkDay(span.from), contract.listed); day <= last; day += 1) {
      const stretch = this.#stretchOn(day);
      if (stretch === null || stretch.from >= span.to || stretch.to <= span.from) continue;
      const odds = this.#oddsOn(contract, day);
      const end = Math.min(stretch.to, span.to);
      for (
        let slot = Math.floor(Math.max(stretch.from, span.from) / SLOT_MS);
        slot * SLOT_MS < end;
        slot += 1
      ) {
        if (uniform(odds.key, slot, 8, 0) >= odds.chance) continue;
        const trade = this.#tradeIn(contract, slot, odds.key);
        if (trade !== null && trade.at >= span.from && trade.at < span.to) yield trade;
      }
    }
  }

  /** The stretch of a New York day in which options are traded. */
  #stretchOn(day: number): Span | null {
    if (this.#market.alwaysOpen) return { from: instantOf(day, 0), to: instantOf(day + 1, 0) };
    const session = sessionOf(day);
    return session === null ? null : { from: session.open, to: session.close };
  }

  /** Bars of prints whose start lies in a span, as far as they were complete at `now`. */
  *bars(contract: OptionContract, frame: Timeframe, span: Span, now: number): Generator<Bar> {
    const to = Math.min(
      barEnd(frame, Math.max(span.from, span.to - 1)),
      Math.floor(now / MINUTE_MS) * MINUTE_MS,
    );
    const trades = this.trades(contract, { from: barStart(frame, span.from), to });
    for (const bar of grouped(printsAsBars(trades), frame, span)) yield bar;
  }

  /** The same from kept daily bars where the frame is a day or longer. */
  *frameBars(contract: OptionContract, frame: Timeframe, span: Span, now: number): Generator<Bar> {
    if (frame.unit === 'minute') {
      yield* this.bars(contract, frame, span, now);
      return;
    }
    const whole = { from: barStart(frame, span.from), to: barEnd(frame, Math.max(span.from, span.to - 1)) };
    yield* grouped(this.dailyWork(contract, whole, now), frame, span);
  }

  /** Makes the daily bars of a span, one at a time: they are kept, so asking again is quick. */
  *dailyWork(contract: OptionContract, span: Span, now: number): Generator<Bar> {
    const last = Math.min(newYorkDay(Math.min(span.to - 1, now)), contract.expiry);
    for (let day = Math.max(newYorkDay(span.from), contract.listed); day <= last; day += 1) {
      const bar = this.dailyBar(contract, day, now);
      if (bar !== null) yield bar;
    }
  }

  /** The daily bar of a civil day so far, null without prints. */
  dailyBar(contract: OptionContract, day: number, now: number): Bar | null {
    const id = `${contract.symbol}/${day}`;
    const kept = this.#daily.get(id);
    if (kept !== undefined) return kept;
    const frame = { unit: 'day', count: 1 } as const;
    const from = barStart(frame, sessionNoon(day));
    const to = barStart(frame, sessionNoon(day + 1));
    const [bar = null] = this.bars(contract, frame, { from, to }, now);
    if (to <= now) {
      if (this.#daily.size > 20_000) this.#daily.clear();
      this.#daily.set(id, bar);
    }
    return bar;
  }

  #isActive(root: string, at: number): boolean {
    return this.activeAt(at) === at && !this.#market.isHalted(root, at);
  }

  #quote(contract: OptionContract, number: number, asOf = number * QUOTE_MS): OptionQuote {
    const at = number * QUOTE_MS;
    const active = this.activeAt(at);
    const key = keyOf(this.#market.seed, contract.symbol);
    const { bid, ask } = this.#touch(contract, active, asOf);
    const draw = (n: number): number => uniform(key, number, 7, n);
    return {
      at: active,
      bid,
      ask,
      bidSize: bid === 0 ? 0 : 1 + Math.floor(draw(1) ** 2 * 150),
      askSize: 1 + Math.floor(draw(2) ** 2 * 150),
      bidExchange: VENUES[Math.floor(draw(3) * VENUES.length)] ?? 'C',
      askExchange: VENUES[Math.floor(draw(4) * VENUES.length)] ?? 'C',
    };
  }

  /** Bid and offer around the value, wider for the dear and the thinly traded. Micro-dollars. */
  #touch(contract: OptionContract, at: number, asOf = at): { bid: number; ask: number } {
    const value = this.valueAt(contract, at, asOf) * 1_000_000;
    const tick = optionTick(contract.root, value);
    const busy = Math.sqrt(contract.underlying.volume / 20_000_000);
    const half = Math.max(tick / 2, (value * 0.012) / Math.max(0.4, Math.min(3, busy)));
    const bid = Math.max(0, Math.floor((value - half) / tick) * tick);
    return { bid, ask: Math.max(bid + tick, Math.ceil((value + half) / tick) * tick) };
  }

  /** The print of a slot that has one. */
  #tradeIn(contract: OptionContract, slot: number, key: number): OptionTrade | null {
    // All contracts print at the same moment of a slot: the underlying is looked up once.
    const at = printMoment(slot);
    if (at >= contract.expiresAt || !this.#isActive(contract.root, at)) return null;
    const { bid, ask } = this.#touch(contract, at);
    const price = uniform(key, slot, 8, 1) < 0.5 && bid > 0 ? bid : ask;
    const size = 1 + Math.floor(uniform(key, slot, 8, 2) ** 3 * 40);
    return { at, price, size, exchange: VENUES[bits(key, slot, 8, 3) % VENUES.length] ?? 'C' };
  }

  /** How likely a slot of a day has a print: most near the money and near expiry. */
  #oddsOn(contract: OptionContract, day: number): { key: number; chance: number } {
    const close = this.#closeBefore(contract.root, day);
    const days = Math.max(1, contract.expiry - day);
    const strike = (contract.strike * 100) / this.contracts.sharesOf(contract, day);
    const distance = Math.log(strike / close) / (contract.underlying.volatility * Math.sqrt(days + 4));
    const busy = Math.min(1, contract.underlying.volume / 60_000_000);
    const chance = (0.2 * busy * Math.exp(-distance * distance)) / Math.sqrt(1 + days / 30);
    return { key: keyOf(this.#market.seed, contract.symbol), chance: Math.max(0.000_4, chance) };
  }

  readonly #closes = new Map<string, number>();

  #closeBefore(root: string, day: number): number {
    const id = `${root}/${day}`;
    let close = this.#closes.get(id);
    if (close === undefined) {
      const opening = this.#market.openingOf(day);
      const factor = this.#market.splitFactor(root, opening - 1, opening);
      close = (this.#market.closeOf(root, day - 1) ?? 100) * factor;
      if (this.#closes.size > 5_000) this.#closes.clear();
      this.#closes.set(id, close);
    }
    return close;
  }
}

const sessionNoon = (day: number): number => day * 86_400_000 + 17 * 3_600_000;

function* printsAsBars(trades: Iterable<OptionTrade>): Generator<Bar> {
  for (const { at, price, size } of trades) {
    const [open, high, low, close] = [price, price, price, price];
    yield { start: at, open, high, low, close, volume: size, trades: 1, vwap: price };
  }
}

const markets = new WeakMap<Market, OptionMarket>();

/** The options on a market's stocks. */
export function optionMarketOf(market: Market): OptionMarket {
  let found = markets.get(market);
  if (found === undefined) {
    found = new OptionMarket(market);
    markets.set(market, found);
  }
  return found;
}
