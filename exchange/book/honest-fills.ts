import { divideRounded, ONE_SHARE, smaller } from '../decimal/decimal';
import { findAsset } from '../assets/asset';
import type { Instrument } from '../market/instruments';
import { fillOrder, withinPosition } from '../matching/fill-order';
import { type Order, remainingQty } from '../orders/order';
import { isWorking } from '../orders/status';
import type { Venue } from '../venue/venue';
import type { Match } from './price-time-book';
import { OptionDepth } from './option-depth';
import { isHouse, SymbolBook } from './symbol-book';

/** Knobs of honest fills. */
export interface HonestSettings {
  /** Shares on the maker's levels, as a multiple of the model's quotes. */
  readonly depth: number;
  /** Milliseconds between acceptance and the book. */
  readonly latencyMs: number;
  /** Micro-dollars a share, taken from cash. */
  readonly feePerShare: bigint;
}

/** What has a book: stocks and pairs; undefined for an option. */
function bookedAs(symbol: string): Instrument | undefined {
  const asset = findAsset(symbol);
  return asset?.option === null ? asset.instrument : undefined;
}

/** A price is moved when the wish to move it has grown to this part of it. */
const LEAST_IMPACT = 0.000_05;

/** Fills from a price-time book for each symbol that has working orders: they rest, queue, fill in part, move the price. */
export class HonestFills {
  readonly #venue: Venue;
  readonly #settings: HonestSettings;
  readonly #books = new Map<string, SymbolBook>();
  readonly #impact = new Map<string, number>();
  /** What is left of options' quotes: they have no book. */
  readonly options: OptionDepth;

  constructor(venue: Venue, settings: HonestSettings) {
    this.#venue = venue;
    this.#settings = settings;
    this.options = new OptionDepth(venue, settings.depth);
    venue.orderBook = (symbol) => this.#books.get(symbol)?.shown();
  }

  /** One beat: others act, then the clients' orders come to the book in order of arrival. */
  match(): void {
    const now = this.#venue.clock.now();
    const orders = [...this.#venue.books.open].filter((order) => this.#mayTrade(order, now));
    const bySymbol = new Map<string, Order[]>();
    for (const order of orders) bySymbol.set(order.symbol, [...(bySymbol.get(order.symbol) ?? []), order]);
    for (const symbol of this.#books.keys()) if (!bySymbol.has(symbol)) this.#books.delete(symbol);
    for (const [symbol, working] of bySymbol) this.#matchSymbol(symbol, working, now);
  }

  #mayTrade(order: Order, now: number): boolean {
    return (
      isWorking(order.status) &&
      bookedAs(order.symbol) !== undefined &&
      order.triggered &&
      order.auctionAt === null &&
      now >= order.createdAt + this.#settings.latencyMs &&
      this.#venue.isTrading(order) &&
      !this.#venue.isHalted(order.symbol)
    );
  }

  #matchSymbol(symbol: string, working: readonly Order[], now: number): void {
    const of = this.#bookOf(symbol, now);
    if (of === undefined) return;
    const ids = new Set(working.map((order) => order.id));
    for (const side of ['buy', 'sell'] as const) {
      for (const price of of.book.prices(side)) {
        for (const { id } of of.book.queueAt(side, price)) {
          if (!isHouse(id) && !ids.has(id)) of.book.cancel(id);
        }
      }
    }
    this.#settle(symbol, of.advance(now));
    for (const order of working) {
      if (!isWorking(order.status) || of.book.has(order.id)) continue;
      this.#enter(of, order);
    }
  }

  #bookOf(symbol: string, now: number): SymbolBook | undefined {
    const known = this.#books.get(symbol);
    const { market, settings } = this.#venue;
    // A book of old shares is worth nothing after a split.
    if (known !== undefined && market.splitFactor(symbol, known.told, now) === 1) return known;
    const instrument = bookedAs(symbol);
    if (instrument === undefined) return undefined;
    const { depth } = this.#settings;
    const made = new SymbolBook({ market, instrument, seed: settings.seed, depth, now });
    this.#books.set(symbol, made);
    return made;
  }

  /** A client's order comes to the book: it takes what it may, and rests if it is a limit that may wait. */
  #enter({ book }: SymbolBook, order: Order): void {
    const { side, timeInForce } = order;
    const immediate = timeInForce === 'ioc' || timeInForce === 'fok';
    const limit = this.#limitOf(order);
    const rests = !immediate && order.limitPrice !== null;
    const qty = this.#wantedQty(order, book.best(side === 'buy' ? 'sell' : 'buy'));
    if (qty > 0n && !(timeInForce === 'fok' && book.available(side, limit) < qty)) {
      this.#settle(order.symbol, book.add({ id: order.id, side, qty, limit }, rests));
    }
    const done = immediate || (order.notional !== null && qty === 0n);
    if (done && isWorking(order.status)) {
      this.#venue.commit({ type: 'cancel_requested', order_id: order.id });
    }
  }

  /** The worst price for an order: its limit, or nearer the band that prices are held at (LULD plan, VI.A). */
  #limitOf({ symbol, side, limitPrice }: Order): bigint | null {
    const bands = this.#venue.market.heldBandsAt(symbol, this.#venue.clock.now());
    if (bands === null) return limitPrice;
    if (side === 'buy') return smaller(limitPrice ?? BigInt(bands.up), BigInt(bands.up));
    const down = BigInt(bands.down);
    return limitPrice === null || limitPrice < down ? down : limitPrice;
  }

  /** An order by money wants the shares that its money buys at the best price. */
  #wantedQty(order: Order, best: bigint | null): bigint {
    if (order.notional === null) return remainingQty(order);
    if (best === null) return 0n;
    const left = order.notional - divideRounded(order.filledProduct, ONE_SHARE);
    const qty = left <= 0n ? 0n : (left * ONE_SHARE) / best;
    return withinPosition(this.#venue, order, qty);
  }

  #settle(symbol: string, matches: readonly Match[]): void {
    let pressure = 0n;
    for (const match of matches) {
      const taker = this.#venue.books.orders.get(match.taker);
      const maker = this.#venue.books.orders.get(match.maker);
      // One print for each meeting, also when both are clients.
      if (taker !== undefined) this.#fill(taker, match, true);
      if (maker !== undefined) this.#fill(maker, match, taker === undefined);
      if (taker !== undefined && maker === undefined)
        pressure += taker.side === 'buy' ? match.qty : -match.qty;
    }
    if (pressure !== 0n) this.#push(symbol, Number(pressure) / 1e9);
  }

  #fill(order: Order, { qty, price }: Match, prints: boolean): void {
    if (!isWorking(order.status)) return;
    const byMoney = order.notional !== null;
    const filled = byMoney ? qty : smaller(qty, remainingQty(order));
    const fee = divideRounded(filled * this.#settings.feePerShare, ONE_SHARE);
    const complete = byMoney ? this.#isSpent(order, filled, price) : filled === remainingQty(order);
    fillOrder(this.#venue, order, { qty: filled, price, complete, fee, prints });
  }

  #isSpent(order: Order, qty: bigint, price: bigint): boolean {
    const spent = divideRounded(order.filledProduct + qty * price, ONE_SHARE);
    const left = (order.notional ?? 0n) - spent;
    return (left * ONE_SHARE) / price < 1_000n;
  }

  /** Who takes moves the price for good: by the square root of its part of a day's volume, in daily deviations. */
  #push(symbol: string, units: number): void {
    const instrument = bookedAs(symbol);
    if (instrument === undefined) return;
    const part = Math.abs(units) / instrument.lot / instrument.volume;
    const size = instrument.volatility * Math.sqrt(part);
    const wish = (this.#impact.get(symbol) ?? 0) + Math.sign(units) * size;
    this.#impact.set(symbol, wish);
    if (Math.abs(wish) < LEAST_IMPACT) return;
    this.#impact.set(symbol, 0);
    this.#venue.commit({ type: 'price_shifted', symbol, factor: 1 + wish });
  }
}
