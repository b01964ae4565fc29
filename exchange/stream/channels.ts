/** Channels that a client of the stock stream can ask for (Alpaca docs: real-time stock data). */
export const CHANNELS = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'imbalances',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** The symbols a client has asked for, by channel. */
export class Subscriptions {
  readonly #sets = new Map<Channel, Set<string>>(CHANNELS.map((channel) => [channel, new Set()]));

  of(channel: Channel): ReadonlySet<string> {
    return this.#sets.get(channel) ?? new Set();
  }

  has(channel: Channel, symbol: string): boolean {
    const set = this.of(channel);
    return set.has(symbol) || set.has('*');
  }

  copy(): Subscriptions {
    const made = new Subscriptions();
    for (const channel of CHANNELS) made.add(channel, [...this.of(channel)]);
    return made;
  }

  add(channel: Channel, symbols: readonly string[]): void {
    for (const symbol of symbols) this.#sets.get(channel)?.add(symbol);
  }

  remove(channel: Channel, symbols: readonly string[]): void {
    for (const symbol of symbols) this.#sets.get(channel)?.delete(symbol);
  }

  /** Symbols that count against the plan's limit: those with trades or quotes. */
  limited(): Set<string> {
    return new Set([...this.of('trades'), ...this.of('quotes')]);
  }

  /** The acknowledgement: the whole state, every channel named. */
  ack(): Record<string, unknown> {
    const lists = Object.fromEntries(CHANNELS.map((channel) => [channel, [...this.of(channel)]]));
    const trades = lists['trades'];
    return { T: 'subscription', ...lists, corrections: trades, cancelErrors: trades };
  }
}
