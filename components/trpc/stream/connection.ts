/**
 * The state of this tab's stream. `feedUp` is about the desk's own feed from the venue; `retryAt` is
 * epoch milliseconds by this machine's clock.
 */
export type Connection =
  | { phase: 'connecting' }
  | { phase: 'live'; feedUp: boolean }
  | { phase: 'lost'; attempt: number; retryAt: number };

/**
 * No sign of life for this long means the stream is lost: the server pings every two seconds, and a
 * reader is to know within three.
 */
export const SILENCE_MS = 2700;

const DELAYS_MS = [1000, 2000, 4000, 8000, 15_000];

/** How long to wait before the given attempt, the first being 0. */
export function retryDelay(attempt: number): number {
  return DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)] ?? 0;
}

/** Prices may be trusted: the stream lives and the desk's own feed is up. */
export function isTrusted(connection: Connection): boolean {
  return connection.phase === 'live' && connection.feedUp;
}
