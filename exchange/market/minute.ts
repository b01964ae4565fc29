import { MINUTE_MS } from '../clock/new-york';
import { gaussian, uniform } from './hash';
import { type Bar, type QuoteTick, type TradeTick, tickOf } from './ticks';

const KNOTS = 8;
const STREAM = {
  knot: 21,
  spread: 22,
  side: 23,
  jitter: 24,
  size: 25,
  quote: 26,
  ripple: 27,
  venue: 28,
} as const;
const VENUES = ['V', 'Q', 'N', 'P', 'Z', 'K'] as const;

/** What a minute of one symbol's market is made from. Prices in micro-dollars. */
export interface MinuteSpec {
  readonly key: number;
  /** Unique number of the minute in the symbol's life. */
  readonly id: number;
  readonly start: number;
  /** Log price (of dollars) at both edges. */
  readonly from: number;
  readonly to: number;
  /** Standard deviation of the wandering inside. */
  readonly deviation: number;
  readonly trades: number;
  readonly quotes: number;
  readonly volume: number;
  readonly spreadRatio: number;
  /** Factor that control has put on prices at an instant; 1 without any. */
  readonly factorAt: (instant: number) => number;
  /** Whether that factor changes inside this minute. */
  readonly shifted: boolean;
}

/** Log price in the middle of a minute: the first knot that its bridge is given. */
export const middleOf = (
  { key, id, deviation }: Pick<MinuteSpec, 'key' | 'id' | 'deviation'>,
  from: number,
  to: number,
): number => (from + to) / 2 + (deviation / 2) * gaussian(key, STREAM.knot, id, KNOTS / 2);

interface Span {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

/**
 * One minute of quotes and trades. Eight knots of a bridge carry the price; the trades at the
 * knots span the bar, those between are kept inside it, so bars equal their trades exactly.
 */
export class Minute {
  readonly spec: MinuteSpec;
  readonly #mids = new Float64Array(KNOTS + 1);
  #range: Span | undefined;
  #spread = 0;

  constructor(spec: MinuteSpec) {
    this.spec = spec;
    this.#mids[0] = spec.from;
    this.#mids[KNOTS] = spec.to;
    for (let step = KNOTS; step > 1; step /= 2) {
      const deviation = (spec.deviation * Math.sqrt(step / KNOTS)) / 2;
      for (let low = 0; low < KNOTS; low += step) {
        const mean = ((this.#mids[low] ?? 0) + (this.#mids[low + step] ?? 0)) / 2;
        const middle = low + step / 2;
        this.#mids[middle] = mean + deviation * gaussian(spec.key, STREAM.knot, spec.id, middle);
      }
    }
    for (let i = 0; i <= KNOTS; i += 1) this.#mids[i] = Math.exp(this.#mids[i] ?? 0) * 1_000_000;
  }

  get start(): number {
    return this.spec.start;
  }

  get tradeCount(): number {
    return this.spec.trades;
  }

  get quoteCount(): number {
    return this.spec.quotes;
  }

  /** Where the price is at an instant of the minute, between bid and ask, in micro-dollars. */
  priceAt(instant: number): number {
    return this.#midAt((instant - this.spec.start) / MINUTE_MS) * this.spec.factorAt(instant);
  }

  /** Trade prints, oldest first. */
  trade(index: number): TradeTick {
    const { key, id, trades, start } = this.spec;
    const at = start + this.#placeOf(index).fraction * MINUTE_MS;
    return {
      at,
      price: this.#priceOf(index),
      size: this.#sizeOf(index),
      id: id * 256 + index + 1,
      exchange: VENUES[Math.floor(uniform(key, STREAM.venue, id, trades + index) * VENUES.length)] ?? 'V',
      taker: this.#hitsBid(index) ? 'sell' : 'buy',
    };
  }

  /** Best bid and offer changes, oldest first. */
  quote(index: number): QuoteTick {
    const { key, id, quotes, start, factorAt } = this.spec;
    const fraction = (index + 0.9 * uniform(key, STREAM.quote, id, index)) / quotes;
    const at = start + fraction * MINUTE_MS;
    const factor = factorAt(at);
    const mid = this.#midAt(fraction) * factor;
    const spread = this.#spreadAt(mid);
    const rippled = mid + spread * 0.3 * gaussian(key, STREAM.ripple, id, index);
    const bid = bidOf(rippled, spread);
    const draw = (n: number): number => uniform(key, STREAM.size, id, 4096 + index * 4 + n);
    return {
      at,
      bid,
      ask: bid + spread,
      bidSize: 100 * (1 + Math.floor(draw(0) ** 2 * 12)),
      askSize: 100 * (1 + Math.floor(draw(1) ** 2 * 12)),
      bidExchange: VENUES[Math.floor(draw(2) * VENUES.length)] ?? 'V',
      askExchange: VENUES[Math.floor(draw(3) * VENUES.length)] ?? 'V',
    };
  }

  /** The bar of this minute's trades. */
  bar(): Bar {
    const { start, trades, volume } = this.spec;
    const { low, high, mean } = this.#span();
    const [open, close] = [this.#priceOf(0), this.#priceOf(trades - 1)];
    return { start, open, high, low, close, volume, trades, vwap: mean };
  }

  /** Price of a trade: free at a knot, between the knots' extremes elsewhere. */
  #priceOf(index: number): number {
    const { fraction, knot } = this.#placeOf(index);
    const raw = this.#rawPrice(fraction, index);
    if (knot || this.spec.shifted) return raw;
    const { low, high } = this.#span();
    return Math.min(high, Math.max(low, raw));
  }

  #rawPrice(fraction: number, index: number): number {
    const { start, factorAt } = this.spec;
    return this.#touch(this.#midAt(fraction) * factorAt(start + fraction * MINUTE_MS), index);
  }

  /** Where in the minute a trade happens, and whether it sits on a knot. */
  #placeOf(index: number): { fraction: number; knot: boolean } {
    const { key, id, trades } = this.spec;
    const perKnot = Math.max(1, trades / KNOTS);
    const stride = trades < KNOTS ? KNOTS / trades : 1;
    const within = index % perKnot;
    const jitter = within === 0 ? 0 : 0.8 * uniform(key, STREAM.jitter, id, index);
    const knot = Math.floor(index / perKnot) * stride + ((within + jitter) / perKnot) * stride;
    const offset = uniform(key, STREAM.jitter, id, 9999) * 0.1 * (stride / perKnot);
    return { fraction: (knot + (within === 0 ? offset : 0)) / KNOTS, knot: within === 0 };
  }

  #midAt(fraction: number): number {
    const place = Math.min(fraction * KNOTS, KNOTS - 1e-9);
    const left = Math.floor(place);
    const from = this.#mids[left] ?? 0;
    return from + ((this.#mids[left + 1] ?? from) - from) * (place - left);
  }

  #spreadAt(mid: number): number {
    if (this.spec.shifted) return this.#spreadOf(mid);
    if (this.#spread === 0) {
      this.#spread = this.#spreadOf((this.#mids[0] ?? 0) * this.spec.factorAt(this.spec.start));
    }
    return this.#spread;
  }

  #spreadOf(mid: number): number {
    const { key, id, spreadRatio } = this.spec;
    const tick = tickOf(mid);
    const wide = mid * spreadRatio * (0.5 + uniform(key, STREAM.spread, id, 0));
    return Math.max(1, Math.round(wide / tick)) * tick;
  }

  /** The bid or the offer around a mid, by the toss of this trade's coin. */
  #touch(mid: number, index: number): number {
    const spread = this.#spreadAt(mid);
    const bid = bidOf(mid, spread);
    return this.#hitsBid(index) ? bid : bid + spread;
  }

  #hitsBid(index: number): boolean {
    return uniform(this.spec.key, STREAM.side, this.spec.id, index) < 0.5;
  }

  /** Extremes of the trades at the knots (of all trades where control moved the price). */
  #span(): Span {
    if (this.#range === undefined) {
      const { trades, shifted } = this.spec;
      const step = shifted ? 1 : Math.max(1, trades / KNOTS);
      let [low, high, sum, count] = [Infinity, 0, 0, 0];
      for (let index = 0; index < trades; index += step) {
        const price = this.#rawPrice(this.#placeOf(index).fraction, index);
        low = Math.min(low, price);
        high = Math.max(high, price);
        sum += price;
        count += 1;
      }
      this.#range = { low, high, mean: sum / count };
    }
    return this.#range;
  }

  #sizeOf(index: number): number {
    const { key, id, trades, volume } = this.spec;
    const cut = (i: number): number => {
      if (i === 0) return 0;
      if (i === trades) return volume - trades;
      return Math.floor(((i + 0.8 * uniform(key, STREAM.size, id, i)) / trades) * (volume - trades));
    };
    return 1 + cut(index + 1) - cut(index);
  }
}

function bidOf(mid: number, spread: number): number {
  const tick = tickOf(mid);
  return Math.max(tick, Math.round((mid - spread / 2) / tick) * tick);
}
