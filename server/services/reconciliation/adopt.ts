import { withinWrite } from '@/db/client';
import { DeskError } from '@/domain/errors';
import { ACCOUNT, type Drift, type Reconciliation, sameDrifts } from '@/domain/ledger/drift';
import { newId } from '@/server/platform/ids';
import { type AccountRecord, authorizeAccount } from '../accounts/account-record';
import type { ServiceContext, UserContext } from '../context';

import { comparisonOf } from '../books/comparison';
import { venueBooks } from './compare-books';
import { endLostOrders } from './end-lost-orders';
import { takeOverStatements } from './take-over';

type OfAccount = { accountId?: string | undefined };

async function reconciliationOf(
  ctx: Pick<ServiceContext, 'database'>,
  account: AccountRecord,
): Promise<Reconciliation> {
  const row = await comparisonOf(ctx, account.id);
  return {
    accountId: account.id,
    openedAt: row?.openedAt ?? null,
    comparedAt: row?.comparedAt ?? null,
    driftedSince: row?.driftedSince ?? null,
    drifts: row?.drifts ?? [],
  };
}

/** How the account's books last compared with its venue's; looking keeps them compared often. */
export async function getReconciliation(ctx: UserContext, input: OfAccount): Promise<Reconciliation> {
  const account = await authorizeAccount(ctx, input.accountId);
  ctx.books.follow(account);
  return reconciliationOf(ctx, account);
}

/** Compares now. A difference seen for the first time is looked at again five seconds later before it counts. */
export async function compareNow(ctx: UserContext, input: OfAccount): Promise<Reconciliation> {
  const account = await authorizeAccount(ctx, input.accountId);
  await ctx.books.compare(account);
  return reconciliationOf(ctx, account);
}

/**
 * Takes the venue's word where the books differ: the difference is booked against `adjustments`, so that the
 * ledger says when and by whom. Where another account answers, what was open in the old one ends. `drifts` are those the caller saw; `conflict` when there are others by now.
 */
export async function adoptVenueBooks(
  ctx: UserContext,
  input: OfAccount & { drifts: Drift[] },
): Promise<Reconciliation> {
  const account = await authorizeAccount(ctx, input.accountId);
  const venue = await venueBooks(ctx, account);
  await ctx.database.write(async (db) => {
    const { drifts } = await reconciliationOf({ database: withinWrite(ctx.database, db) }, account);
    if (drifts.length === 0)
      throw new DeskError('conflict', 'The books agree; there is nothing to take over.');
    if (!sameDrifts(drifts, input.drifts))
      throw new DeskError(
        'conflict',
        'The differences have changed. Look at them again before you take them over.',
      );
    const now = ctx.clock.now();
    const taking = {
      accountId: account.id,
      source: 'adoption',
      sourceId: newId('adopt', now),
      at: ctx.clock.iso(now),
    } as const;
    await db.batch(await takeOverStatements(db, taking, venue));
    ctx.log.warn(
      { accountId: account.id, userId: ctx.actor.userId, drifts },
      "the venue's books were taken over",
    );
  });
  if (input.drifts.some(({ what }) => what === ACCOUNT)) await endLostOrders(ctx, account);
  return reconciliationOf(ctx, account);
}
