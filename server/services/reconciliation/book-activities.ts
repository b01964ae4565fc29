import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { activities, ledgerTransfers } from '@/db/schema';
import { type AccountActivity, postActivity } from '@/domain/ledger/post-activity';
import { balanceOf } from '@/domain/ledger/transfer';
import type { AccountRecord } from '../accounts/account-record';
import type { SendContext } from '../orders/venue/send-order';
import { holdingOf, postingStatements } from '../books/post';

/** A venue may list what happened a day or a weekend after it did. */
const LOOK_BACK_MS = 7 * 24 * 60 * 60_000;

type Ctx = Pick<SendContext, 'clock' | 'database' | 'sessions'>;

/** The activities about `since` (epoch ms) and later that are not in the books. */
export async function newActivities(
  ctx: Ctx,
  account: AccountRecord,
  since: number,
): Promise<AccountActivity[]> {
  const told = await ctx.sessions.of(account).execution.listActivities(ctx.clock.iso(since - LOOK_BACK_MS));
  if (told.length === 0) return [];
  const known = await ctx.database.db
    .select({ id: activities.id })
    .from(activities)
    .where(
      and(
        eq(activities.accountId, account.id),
        inArray(
          activities.id,
          told.map(({ id }) => id),
        ),
      ),
    );
  const ids = new Set(known.map(({ id }) => id));
  return told.filter(({ id }) => !ids.has(id));
}

/** Books an activity, once: saying it again changes nothing. */
export async function bookActivity(
  ctx: Ctx,
  account: AccountRecord,
  activity: AccountActivity,
): Promise<void> {
  await ctx.database.write(async (db) => {
    const isKnown = and(eq(activities.accountId, account.id), eq(activities.id, activity.id));
    if ((await db.select({ id: activities.id }).from(activities).where(isKnown).limit(1)).length > 0) return;
    const held = activity.symbol === null ? null : await holdingOf(db, account.id, activity.symbol);
    const carried = await carriedCost(db, account.id, activity);
    const { holding, transfers } = postActivity(held, activity, carried);
    const source = {
      accountId: account.id,
      source: 'activity',
      sourceId: activity.id,
      at: activity.at,
    } as const;
    await db.batch([
      db.insert(activities).values({ ...activity, accountId: account.id }),
      ...postingStatements(db, source, holding, transfers),
    ]);
  });
}

/** What the other activities of this one's group have put aside for it, micro-dollars. */
async function carriedCost(db: Db, accountId: string, { groupId, type }: AccountActivity): Promise<bigint> {
  if (type !== 'OPCA' || groupId === null) return 0n;
  const rows = await db
    .select({ debit: ledgerTransfers.debit, credit: ledgerTransfers.credit, micros: ledgerTransfers.micros })
    .from(ledgerTransfers)
    .innerJoin(
      activities,
      and(eq(activities.accountId, accountId), eq(activities.id, ledgerTransfers.sourceId)),
    )
    .where(and(eq(ledgerTransfers.accountId, accountId), eq(activities.groupId, groupId)));
  const transfers = rows.map((row) => Object.assign(row, { symbol: null }));
  return balanceOf(transfers, 'adjustments');
}
