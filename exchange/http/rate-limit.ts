/** Where a caller stands. `reset` is epoch seconds. */
export interface RateState {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts requests a minute for each name (Alpaca docs: 200 a minute and account). */
export class RateLimit {
  readonly #limit: number | null;
  readonly #now: () => number;
  readonly #windows = new Map<string, { minute: number; used: number }>();

  /** @param limit requests a minute; null for no limit. */
  constructor(limit: number | null, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  take(name: string): RateState {
    const limit = this.#limit ?? 1_000_000;
    const minute = Math.floor(this.#now() / 60_000);
    const window = this.#windows.get(name);
    const used = window !== undefined && window.minute === minute ? window.used + 1 : 1;
    if (this.#limit !== null) this.#windows.set(name, { minute, used });
    const headers = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': String(this.#limit === null ? limit : Math.max(0, limit - used)),
      'X-RateLimit-Reset': String((minute + 1) * 60),
    };
    return { allowed: this.#limit === null || used <= limit, headers };
  }
}
