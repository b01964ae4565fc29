import type { PlacedOrder } from './orders/read-order';
import type { TickStream } from './market/ticks';
import type { SentPositions } from './account/positions';
import type { SummaryStream } from './account/summary';
import type { UpdateStream } from './account/updates';

/** An order's change or cancellation that waits until the order has arrived. */
export interface Deferred {
  readonly orderId: number;
  readonly run: () => void;
}

/** What one client is sent as it changes, and what it asked for that is still to be done. */
export class Subscriptions {
  readonly tickers = new Map<number, TickStream>();
  readonly summaries = new Map<number, SummaryStream>();
  /** Null while the client does not listen to positions. */
  positions: SentPositions | null = null;
  /** Null while it does not listen to an account. */
  updates: UpdateStream | null = null;
  /** Orders that are not to be sent yet, by number: parents and exits wait for the last of them. */
  readonly drafts = new Map<number, PlacedOrder>();
  #deferred: Deferred[] = [];

  /** Does something on a later beat. */
  defer(orderId: number, run: () => void): void {
    this.#deferred.push({ orderId, run });
  }

  takeDeferred(): readonly Deferred[] {
    const taken = this.#deferred;
    this.#deferred = [];
    return taken;
  }

  /** Forgets the market's streams, as when IB lost them with its connection. */
  dropMarketData(): void {
    this.tickers.clear();
  }
}
