import { eq } from 'drizzle-orm';
import { comparisons } from '@/db/schema';
import { type Drift, sameDrifts } from '@/domain/ledger/drift';
import { type AccountRecord, accountRecords } from '../accounts/account-record';
import type { SendContext } from '../orders/venue/send-order';
import { comparisonOf } from '../books/comparison';
import { openHoldings } from '../books/desk-books';
import { compareBooks } from './compare-books';

export type BooksWatch = {
  /** Compares an account soon, and often while it is in use. */
  follow(account: AccountRecord): void;
  /** Compares an account now; throws what the venue's reads throw. */
  compare(account: AccountRecord): Promise<void>;
  /** Compares it no more: it was removed. */
  forget(accountId: string): void;
  /** Begins with every account there is, and goes on. */
  start(): void;
  stop(): void;
};

const TICK_MS = 250;
const BUSY_MS = 30_000;
const IDLE_MS = 10 * 60_000;
/** An account is in use until so long after somebody last traded or looked; one that holds something always is. */
const IN_USE_MS = 30 * 60_000;
/** A difference counts when it is there a second time, this much later. */
const CONFIRM_MS = 5_000;
const AGAIN_MS = 1_000;
const FAILED_MS = 15_000;
/** Books that are not open yet hold everything else about the account up. */
const OPENING_MS = 4_000;
/** So much longer than it did such an account counts as having waited: after a start all are due at once. */
const OPENS_FIRST_MS = 30_000;
const AT_ONCE = 4;

type Followed = {
  account: AccountRecord;
  dueAt: number;
  usedAt: number;
  busy: boolean;
  /** Whether its books were opened, as far as is known here. */
  isOpen: boolean;
  /** Comparisons in a row that said nothing, because something moved or an order was in doubt. */
  moves: number;
  suspected: { drifts: Drift[]; at: number } | null;
};

/**
 * Whose turn it is: those that have waited longest, so that no account keeps the others from theirs, with a head start
 * for books that are not open yet.
 */
export function nextDue<Waiting extends Pick<Followed, 'busy' | 'dueAt' | 'isOpen'>>(
  all: readonly Waiting[],
  now: number,
): Waiting[] {
  const free = AT_ONCE - all.filter(({ busy }) => busy).length;
  const due = all.filter(({ busy, dueAt }) => !busy && dueAt <= now);
  const since = ({ dueAt, isOpen }: Waiting) => (isOpen ? dueAt : dueAt - OPENS_FIRST_MS);
  return due.toSorted((a, b) => since(a) - since(b)).slice(0, Math.max(0, free));
}

/** Compares the books of every account with its venue's on a schedule, and says when they differ. */
export function createBooksWatch(ctx: SendContext): BooksWatch {
  const accounts = new Map<string, Followed>();
  let timer: NodeJS.Timeout | undefined;
  let allDueAt = 0;

  function take(account: AccountRecord, usedAt: number, isOpen = false): Followed {
    const known = accounts.get(account.id);
    if (known !== undefined) return known;
    const dueAt = ctx.clock.now();
    const followed = { account, dueAt, usedAt, isOpen, busy: false, moves: 0, suspected: null };
    accounts.set(account.id, followed);
    return followed;
  }

  /** Writes down what a comparison found; a difference only when it was there before. */
  async function conclude(followed: Followed): Promise<number> {
    const { account } = followed;
    const verdict = await compareBooks(ctx, account);
    if (verdict.state === 'moving') {
      followed.moves += 1;
      followed.isOpen = (await comparisonOf(ctx, account.id)) !== null;
      return Math.min(AGAIN_MS * 2 ** (followed.moves - 1), followed.isOpen ? BUSY_MS : OPENING_MS);
    }
    followed.moves = 0;
    followed.isOpen = true;
    const drifts = verdict.state === 'agreed' ? [] : verdict.drifts;
    const now = ctx.clock.now();
    const { suspected } = followed;
    const isSuspected = suspected !== null && sameDrifts(suspected.drifts, drifts);
    if (drifts.length > 0 && !isSuspected) followed.suspected = { drifts, at: now };
    if (drifts.length > 0 && !(isSuspected && now - suspected.at >= CONFIRM_MS)) return CONFIRM_MS;
    if (drifts.length === 0) followed.suspected = null;
    await record(account, drifts);
    const isInUse = now - followed.usedAt < IN_USE_MS;
    // What is held may be split, assigned or moved while nobody looks.
    return isInUse || (await openHoldings(ctx.database.db, account.id)).length > 0 ? BUSY_MS : IDLE_MS;
  }

  async function record(account: AccountRecord, drifts: Drift[]): Promise<void> {
    const before = await comparisonOf(ctx, account.id);
    const comparedAt = ctx.clock.iso();
    const driftedSince = drifts.length === 0 ? null : (before?.driftedSince ?? comparedAt);
    if (drifts.length > 0 && before?.driftedSince === null) {
      ctx.log.error({ accountId: account.id, drifts }, "an account's books differ from its venue's");
    }
    if (drifts.length === 0 && before?.driftedSince) {
      ctx.log.info({ accountId: account.id }, "an account's books agree with its venue's again");
    }
    await ctx.database.write((db) =>
      db
        .update(comparisons)
        .set({ comparedAt, driftedSince, drifts })
        .where(eq(comparisons.accountId, account.id)),
    );
  }

  async function attend(followed: Followed): Promise<void> {
    followed.busy = true;
    try {
      followed.dueAt = ctx.clock.now() + (await conclude(followed));
    } catch (error) {
      followed.dueAt = ctx.clock.now() + FAILED_MS;
      throw error;
    } finally {
      followed.busy = false;
    }
  }

  async function tick(): Promise<void> {
    const now = ctx.clock.now();
    if (now >= allDueAt) {
      allDueAt = now + IDLE_MS;
      const opened = await ctx.database.db.select({ id: comparisons.accountId }).from(comparisons);
      const open = new Set(opened.map(({ id }) => id));
      for (const account of await accountRecords(ctx.database.db)) take(account, 0, open.has(account.id));
    }
    attendDue();
  }

  /** When one is done the next one's turn comes at once: after a start, or on a large desk, many are due. */
  function attendDue(): void {
    if (timer === undefined) return;
    const asked = [...accounts.values()].filter(({ account }) => ctx.keys.since(account.id) === null);
    for (const followed of nextDue(asked, ctx.clock.now())) {
      attend(followed)
        .catch((error: unknown) =>
          ctx.log.warn({ err: error, accountId: followed.account.id }, 'books could not be compared'),
        )
        .finally(attendDue);
    }
  }

  return {
    follow(account) {
      const now = ctx.clock.now();
      const followed = take(account, now);
      followed.usedAt = now;
      followed.dueAt = Math.min(followed.dueAt, now + BUSY_MS);
    },
    async compare(account) {
      const followed = take(account, ctx.clock.now());
      followed.usedAt = ctx.clock.now();
      if (!followed.busy) await attend(followed);
    },
    forget: (accountId) => void accounts.delete(accountId),
    start() {
      timer = setInterval(() => {
        tick().catch((error: unknown) => ctx.log.error({ err: error }, 'books could not be compared'));
      }, TICK_MS);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
