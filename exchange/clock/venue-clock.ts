import { newYorkDay } from './new-york';
import { type Session, sessionFrom, sessionUntil } from './calendar';

/** Where in the trading day an instant lies. */
export type Phase = 'pre' | 'core' | 'post' | 'closed';

/** The time of the simulated world. All instants are epoch milliseconds. */
export interface VenueClock {
  /** True when trading never stops; prices then move on every day of the week. */
  readonly alwaysOpen: boolean;
  now(): number;
  /** Jumps ahead by some milliseconds. */
  advance(ms: number): void;
}

export interface ClockOptions {
  readonly mode: 'always-open' | 'market-hours' | { readonly startAt: number };
  readonly speed: number;
  /** Latest instant the journal knows: time never runs backwards over a restart. */
  readonly notBefore: number;
  readonly wallClock: () => number;
}

/** A clock that starts at the wall's time (or a given one) and runs `speed` times as fast. */
export function startClock(options: ClockOptions): VenueClock {
  const { mode, speed, wallClock } = options;
  const began = wallClock();
  let start = Math.max(typeof mode === 'string' ? began : mode.startAt, options.notBefore);
  let latest = start;
  return {
    alwaysOpen: mode === 'always-open',
    now() {
      latest = Math.max(latest, Math.floor(start + (wallClock() - began) * speed));
      return latest;
    },
    advance(ms) {
      start += ms;
    },
  };
}

/** The phase of the NYSE day at an instant, whatever the clock's mode. */
export function calendarPhase(instant: number): Phase {
  const session = sessionFrom(newYorkDay(instant));
  if (instant < session.preOpen || instant >= session.postClose) return 'closed';
  if (instant < session.open) return 'pre';
  return instant < session.close ? 'core' : 'post';
}

/** The phase the venue trades in: an always-open venue is always in its core session. */
export const phaseAt = (clock: VenueClock, instant: number): Phase =>
  clock.alwaysOpen ? 'core' : calendarPhase(instant);

/** The first core close after an instant. */
export function nextClose(instant: number): number {
  const session = sessionFrom(newYorkDay(instant));
  return session.close > instant ? session.close : sessionFrom(session.day + 1).close;
}

/** The first core open after an instant. */
export function nextOpen(instant: number): number {
  const session = sessionFrom(newYorkDay(instant));
  return session.open > instant ? session.open : sessionFrom(session.day + 1).open;
}

/** The session that an order entered now belongs to: today's until its close, else the next. */
export function orderSession(instant: number, extendedHours: boolean): Session {
  const session = sessionFrom(newYorkDay(instant));
  const end = extendedHours ? session.postClose : session.close;
  return end > instant ? session : sessionFrom(session.day + 1);
}

/** The last session before the civil day of an instant: day profit counts from its close. */
export const previousSession = (instant: number): Session => sessionUntil(newYorkDay(instant) - 1);
