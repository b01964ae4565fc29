import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@/server/platform/clock';

/**
 * One sender at a time for each account. New orders leave one after another, in the order they came; a cancel
 * leaves at once, and no new order leaves while one is under way: what takes risk away goes first.
 */
export type OrderLanes = {
  /**
   * Runs the sending of a new order when its turn comes; a pause within it holds up all that came after, until it
   * says `letNext` or is done. What the venue answered can be written down while the next one leaves.
   */
  send<Result>(
    accountId: string,
    orderId: string,
    work: (letNext: () => void) => Promise<Result>,
  ): Promise<Result>;
  cancel<Result>(accountId: string, work: () => Promise<Result>): Promise<Result>;
  /** Whether this process sends the order, or is about to. */
  has(orderId: string): boolean;
  /** Whether its turn has come. */
  isUnderWay(orderId: string): boolean;
  /** Whether new orders of the account must wait until its books agree with the venue's. */
  isHeld(accountId: string): boolean;
  /** From now on only these accounts are held; before the first call all are. */
  holdOnly(accountIds: readonly string[]): void;
  release(accountId: string): void;
  /** Waits as long as the account's venue asked to; whoever asks is told until when. */
  waitOut(accountId: string, milliseconds: number): Promise<void>;
  isPaused(accountId: string): boolean;
  /** What goes on in this process now; times in epoch milliseconds. */
  state(): { waiting: number; sending: number; paused: { accountId: string; until: number }[] };
};

const LOOK_AGAIN_MS = 5;

/** @param onCancels told when the first cancel of an account is under way, and when the last is done */
export function createOrderLanes(
  clock: Pick<Clock, 'now'>,
  onCancels: (accountId: string, isUnderWay: boolean) => void = () => undefined,
): OrderLanes {
  const tails = new Map<string, Promise<void>>();
  const cancels = new Map<string, number>();
  const waiting = new Set<string>();
  const paused = new Map<string, number>();
  const sending = new Set<string>();
  let held: Set<string> | null = null;

  const count = (accountId: string, more: number) => {
    const before = cancels.get(accountId) ?? 0;
    const under = before + more;
    if (under === 0) cancels.delete(accountId);
    else cancels.set(accountId, under);
    if (before === 0 || under === 0) onCancels(accountId, under > 0);
  };

  return {
    async send(accountId, orderId, work) {
      waiting.add(orderId);
      const turn = tails.get(accountId);
      let letNext = (): void => undefined;
      const tail = new Promise<void>((resolve) => {
        letNext = resolve;
      });
      tails.set(accountId, tail);
      try {
        await turn;
        while (cancels.has(accountId)) await pause(LOOK_AGAIN_MS);
        sending.add(orderId);
        try {
          return await work(letNext);
        } finally {
          sending.delete(orderId);
        }
      } finally {
        letNext();
        waiting.delete(orderId);
        if (tails.get(accountId) === tail) tails.delete(accountId);
      }
    },
    async cancel(accountId, work) {
      count(accountId, 1);
      try {
        return await work();
      } finally {
        count(accountId, -1);
      }
    },
    has: (orderId) => waiting.has(orderId),
    isUnderWay: (orderId) => sending.has(orderId),
    isHeld: (accountId) => held === null || held.has(accountId),
    holdOnly: (accountIds) => {
      held = new Set(accountIds);
    },
    release: (accountId) => {
      held?.delete(accountId);
    },
    async waitOut(accountId, milliseconds) {
      paused.set(accountId, clock.now() + milliseconds);
      try {
        await pause(milliseconds);
      } finally {
        paused.delete(accountId);
      }
    },
    isPaused: (accountId) => paused.has(accountId),
    state: () => ({
      waiting: waiting.size - sending.size + paused.size,
      sending: sending.size - paused.size,
      paused: [...paused].map(([accountId, until]) => ({ accountId, until })),
    }),
  };
}
