import { ONE_SHARE } from '../decimal/decimal';
import { optionMarketOf } from '../derivatives/option-market';
import type { Order } from '../orders/order';
import { contractNamed } from '../venue/prices';
import type { Venue } from '../venue/venue';

interface Taken {
  /** When the quote was made. */
  readonly at: number;
  readonly qty: bigint;
}

/** Contracts that are left of the quote of an option on each side: no more than it shows trades at its price. */
export class OptionDepth {
  readonly #venue: Venue;
  /** Contracts shown, as a multiple of the quote's. */
  readonly #depth: number;
  readonly #taken = new Map<string, Taken>();

  constructor(venue: Venue, depth: number) {
    this.#venue = venue;
    this.#depth = depth;
  }

  /** What an order could trade now, in nano-contracts; null where there is no quote to go by. */
  room(order: Order): bigint | null {
    const { market, clock } = this.#venue;
    const contract = contractNamed(market, order.symbol);
    const quote = contract === undefined ? undefined : optionMarketOf(market).quoteAt(contract, clock.now());
    if (quote === undefined) return null;
    const shown = order.side === 'buy' ? quote.askSize : quote.bidSize;
    const all = BigInt(Math.max(1, Math.round(shown * this.#depth))) * ONE_SHARE;
    const taken = this.#taken.get(keyOf(order));
    if (taken?.at !== quote.at) this.#taken.set(keyOf(order), { at: quote.at, qty: 0n });
    return taken?.at === quote.at ? all - taken.qty : all;
  }

  /** Takes what has traded out of the quote that `room` looked at. */
  take(order: Order, qty: bigint): void {
    const taken = this.#taken.get(keyOf(order));
    if (taken !== undefined) this.#taken.set(keyOf(order), { at: taken.at, qty: taken.qty + qty });
  }
}

const keyOf = ({ symbol, side }: Order): string => `${symbol}/${side}`;
