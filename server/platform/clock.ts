/** The desk's only source of time, so that tests and replays can own it. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number;
  /** A time as RFC 3339, UTC, milliseconds: now, or the given epoch milliseconds. */
  iso(epochMs?: number): string;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  iso: (epochMs = Date.now()) => new Date(epochMs).toISOString(),
};
