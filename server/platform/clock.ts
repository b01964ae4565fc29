/** The desk's only source of time, so that tests and replays can own it. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number;
  /** Now as RFC 3339, UTC, milliseconds. */
  iso(): string;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  iso: () => new Date().toISOString(),
};
