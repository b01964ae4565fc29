import { smaller } from '../decimal/decimal';
import type { Side } from '../journal/records';

/** An order as it comes to the book. A limit of null takes any price. */
export interface BookOrder {
  readonly id: string;
  readonly side: Side;
  readonly qty: bigint;
  readonly limit: bigint | null;
}

/** Two orders that met: at the price of the one that was there first. */
export interface Match {
  readonly taker: string;
  readonly maker: string;
  readonly price: bigint;
  readonly qty: bigint;
}

interface Entry {
  readonly id: string;
  qty: bigint;
}

interface Level {
  readonly price: bigint;
  readonly queue: Entry[];
}

const OTHER: Readonly<Record<Side, Side>> = { buy: 'sell', sell: 'buy' };

/** A limit order book of one symbol: best price first, then first come, first served. */
export class PriceTimeBook {
  /** Best level first on both sides. */
  readonly #levels: Record<Side, Level[]> = { buy: [], sell: [] };
  readonly #places = new Map<string, { side: Side; price: bigint }>();

  /** Matches an order against the other side; what is left rests, if it has a limit and is to rest. */
  add(order: BookOrder, rests = true): Match[] {
    const { id, side, limit } = order;
    const matches: Match[] = [];
    let left = order.qty;
    const levels = this.#levels[OTHER[side]];
    while (left > 0n) {
      const best = levels[0];
      if (best === undefined || !this.#crosses(side, limit, best.price)) break;
      left = this.#take(best, { id, left }, matches);
      if (best.queue.length === 0) levels.shift();
    }
    if (left > 0n && rests && limit !== null) this.#rest({ id, side, price: limit, qty: left });
    return matches;
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  /** Takes an order out. */
  cancel(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    const levels = this.#levels[place.side];
    const index = levels.findIndex((level) => level.price === place.price);
    const queue = levels[index]?.queue ?? [];
    queue.splice(
      queue.findIndex((entry) => entry.id === id),
      1,
    );
    if (queue.length === 0) levels.splice(index, 1);
  }

  best(side: Side): bigint | null {
    return this.#levels[side][0]?.price ?? null;
  }

  /** What rests at a price, and who: in the order in which it will trade. */
  queueAt(side: Side, price: bigint): readonly { readonly id: string; readonly qty: bigint }[] {
    return [...(this.#levels[side].find((level) => level.price === price)?.queue ?? [])];
  }

  prices(side: Side): bigint[] {
    return this.#levels[side].map((level) => level.price);
  }

  /** What an order on a side could trade at once, nano-shares. */
  available(side: Side, limit: bigint | null): bigint {
    let sum = 0n;
    for (const { price, queue } of this.#levels[OTHER[side]]) {
      if (!this.#crosses(side, limit, price)) break;
      for (const entry of queue) sum += entry.qty;
    }
    return sum;
  }

  #crosses(side: Side, limit: bigint | null, price: bigint): boolean {
    return limit === null || (side === 'buy' ? price <= limit : price >= limit);
  }

  #take(level: Level, taker: { id: string; left: bigint }, matches: Match[]): bigint {
    let { left } = taker;
    while (left > 0n) {
      const first = level.queue[0];
      if (first === undefined) break;
      const qty = smaller(left, first.qty);
      matches.push({ taker: taker.id, maker: first.id, price: level.price, qty });
      left -= qty;
      first.qty -= qty;
      if (first.qty > 0n) break;
      level.queue.shift();
      this.#places.delete(first.id);
    }
    return left;
  }

  #rest({ id, side, price, qty }: { id: string; side: Side; price: bigint; qty: bigint }): void {
    const levels = this.#levels[side];
    const better = (level: Level): boolean => (side === 'buy' ? level.price > price : level.price < price);
    let index = 0;
    while (index < levels.length) {
      const level = levels[index];
      if (level === undefined || !better(level)) break;
      index += 1;
    }
    const found = levels[index];
    if (found !== undefined && found.price === price) found.queue.push({ id, qty });
    else levels.splice(index, 0, { price, queue: [{ id, qty }] });
    this.#places.set(id, { side, price });
  }
}
