/** Every channel that any data stream of Alpaca has (Alpaca docs: streaming market data). */
export const CHANNELS = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'imbalances',
  'orderbooks',
  'news',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** The symbols a client has asked for, by channel. */
export class Subscriptions {
  readonly #sets: ReadonlyMap<Channel, Set<string>>;
  #key: string | undefined;

  /** @param channels those that the stream has; others cannot be asked for. */
  constructor(channels: readonly Channel[]) {
    this.#sets = new Map(channels.map((channel) => [channel, new Set()]));
  }

  of(channel: Channel): ReadonlySet<string> {
    return this.#sets.get(channel) ?? new Set();
  }

  knows(channel: Channel): boolean {
    return this.#sets.has(channel);
  }

  has(channel: Channel, symbol: string): boolean {
    const set = this.of(channel);
    return set.has(symbol) || set.has('*');
  }

  copy(): Subscriptions {
    const made = new Subscriptions([...this.#sets.keys()]);
    for (const [channel, symbols] of this.#sets) made.add(channel, [...symbols]);
    return made;
  }

  add(channel: Channel, symbols: readonly string[]): void {
    this.#key = undefined;
    for (const symbol of symbols) this.#sets.get(channel)?.add(symbol);
  }

  remove(channel: Channel, symbols: readonly string[]): void {
    this.#key = undefined;
    for (const symbol of symbols) this.#sets.get(channel)?.delete(symbol);
  }

  /** The same text for equal subscriptions. */
  get key(): string {
    this.#key ??= JSON.stringify([...this.#sets.values()].map((symbols) => [...symbols].sort()));
    return this.#key;
  }

  /** The acknowledgement: the whole state, every channel of the stream named. */
  ack(): Record<string, unknown> {
    const lists = Object.fromEntries([...this.#sets].map(([channel, symbols]) => [channel, [...symbols]]));
    // Corrections and cancellations come with the trades of stocks, unasked.
    const trades = lists['trades'];
    const unasked = this.knows('statuses') ? { corrections: trades, cancelErrors: trades } : {};
    return { T: 'subscription', ...lists, ...unasked };
  }
}
