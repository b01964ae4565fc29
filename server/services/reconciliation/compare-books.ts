import { and, eq, inArray } from 'drizzle-orm';
import { comparisons, orders } from '@/db/schema';
import { ACCOUNT, type Books, type Drift, driftsBetween } from '@/domain/ledger/drift';
import { exact } from '@/domain/money';
import { IN_FLIGHT } from '@/domain/order/status';
import type { AccountRecord } from '../accounts/account-record';
import { reconcileAccount } from '../orders/venue/reconcile-orders';
import type { SendContext } from '../orders/venue/send-order';
import { bookActivity, newActivities } from './book-activities';
import { comparisonOf } from '../books/comparison';
import { deskBooks } from '../books/desk-books';
import { takeOverStatements, type VenueBooks } from './take-over';

/** `moving` when something changed while the books were read: the comparison says nothing. */
export type Verdict = { state: 'agreed' } | { state: 'moving' } | { state: 'differs'; drifts: Drift[] };

/** What the venue says an account holds. */
export async function venueBooks(
  ctx: Pick<SendContext, 'sessions'>,
  account: AccountRecord,
): Promise<VenueBooks> {
  const { execution } = ctx.sessions.of(account);
  const [{ accountNumber, cash }, positions] = await Promise.all([
    execution.account(),
    execution.positions(),
  ]);
  return { accountNumber, cash, positions };
}

const booksOf = ({ cash, positions }: VenueBooks): Books => ({
  cash,
  shares: new Map(positions.map(({ symbol, qty }) => [symbol, qty])),
});

const isSame = (a: Books, b: Books): boolean =>
  exact(a.cash).eq(b.cash) && driftsBetween({ ...a, cash: '0' }, { ...b, cash: '0' }).length === 0;

/**
 * Compares an account's books with its venue's, after everything the venue tells was taken in. Where they differ the
 * venue is read once more: what moves meanwhile is no difference. The first comparison opens the books at what the
 * venue holds. Another account than before, as after a reset of a paper account, differs as a whole.
 */
export async function compareBooks(ctx: SendContext, account: AccountRecord): Promise<Verdict> {
  const first = await venueBooks(ctx, account);
  const before = booksOf(first);
  const last = await comparisonOf(ctx, account.id);
  // What another account has is no part of these books, and nothing of it is taken in.
  if (last?.accountNumber && last.accountNumber !== first.accountNumber) {
    const known = await deskBooks(ctx.database.db, account.id);
    const other = { what: ACCOUNT, desk: last.accountNumber, venue: first.accountNumber };
    return { state: 'differs', drifts: [other, ...driftsBetween(known, before)] };
  }
  const since = last === null ? null : Date.parse(last.comparedAt);
  await reconcileAccount(ctx, account, since);
  const fresh = await newActivities(ctx, account, since ?? ctx.clock.now());
  if (last !== null) for (const activity of fresh) await bookActivity(ctx, account, activity);
  const own = await deskBooks(ctx.database.db, account.id);
  // All that it told by now is in the books, and they are what it had then: mostly nothing moved.
  if (last?.accountNumber && isSame(own, before)) return { state: 'agreed' };
  const venue = await venueBooks(ctx, account);
  if (!isSame(before, booksOf(venue))) return { state: 'moving' };
  return ctx.database.write(async (db) => {
    if (!isSame(own, await deskBooks(db, account.id))) return { state: 'moving' };
    if (last === null) {
      // What an order in doubt has moved already would be booked again once it is found.
      const inFlight = and(eq(orders.accountId, account.id), inArray(orders.status, IN_FLIGHT));
      if ((await db.$count(orders, inFlight)) > 0) return { state: 'moving' };
      const opening = {
        accountId: account.id,
        source: 'opening',
        sourceId: 'opening',
        at: ctx.clock.iso(),
        contained: fresh,
      } as const;
      await db.batch(await takeOverStatements(db, opening, venue));
      return { state: 'agreed' };
    }
    if (last.accountNumber === null) {
      const { accountNumber } = venue;
      await db.update(comparisons).set({ accountNumber }).where(eq(comparisons.accountId, account.id));
    }
    const drifts = driftsBetween(own, booksOf(venue));
    return drifts.length === 0 ? { state: 'agreed' } : { state: 'differs', drifts };
  });
}
