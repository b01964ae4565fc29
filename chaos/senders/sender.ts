import type { Books } from '../books';

export type Terms = { symbol: string; side: 'buy' | 'sell'; qty: string; limitPrice: string | null };
export type Change = { qty?: string; limitPrice?: string };

/** Whoever sends orders for an account: the desk on its user's behalf, or a naive program. */
export type Sender = {
  /** Sends what its owner means; answers a handle of the order, or null when it was refused for good. */
  submit(name: string, terms: Terms): Promise<string | null>;
  cancel(handle: string): Promise<void>;
  replace(name: string, handle: string, change: Change): Promise<string | null>;
  /** The order that took this one's place, as far as its sender knows. */
  heirOf(handle: string): Promise<string | null>;
  /** The order's own id at the venue; null while it is not known. */
  venueId(handle: string): Promise<string | null>;
  /** The same wish several times at once, as an impatient caller sends it; then with another body. */
  repeat(name: string, terms: Terms, times: number): Promise<void>;
  books(): Promise<Books>;
  close(): void;
};
