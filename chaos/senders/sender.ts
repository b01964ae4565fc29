import type { Books } from '../books';

export type Terms = {
  symbol: string;
  side: 'buy' | 'sell';
  qty: string;
  limitPrice: string | null;
  /** Exits of a bracket, dollars a share. */
  exits?: { profit: string; stop: string };
  /** The id its owner chose, instead of one of the sender's. */
  clientOrderId?: string;
};
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
  /** One alert, delivered so many times at once. */
  alert(name: string, terms: Terms, times: number): Promise<void>;
  books(): Promise<Books>;
  close(): void;
};

/** An order in the words of the desk's REST API. */
export const restTerms = ({ limitPrice, exits, clientOrderId, ...terms }: Terms) => ({
  ...terms,
  ...(clientOrderId === undefined ? {} : { client_order_id: clientOrderId }),
  ...(limitPrice === null ? {} : { type: 'limit', limit_price: limitPrice }),
  ...(exits === undefined
    ? {}
    : {
        order_class: 'bracket',
        take_profit: { limit_price: exits.profit },
        stop_loss: { stop_price: exits.stop },
      }),
});
