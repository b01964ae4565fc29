import { and, count, eq, gte, inArray, min, or } from 'drizzle-orm';
import { connections, orders, users, workers } from '@/db/schema';
import { tradingDayStart } from '@/domain/market/trading-day';
import { newId } from '@/server/platform/ids';
import type { ServiceContext } from '../context';

const UNANSWERED = ['submitting', 'unknown', 'needs_review'] as const;

/**
 * What goes out to the venues now, over all accounts: orders by the database, what this process is at by its lanes.
 * For admins; the caller's right is checked before.
 */
export async function queueStatus(ctx: ServiceContext) {
  const { waiting, sending, paused } = ctx.lanes.state();
  const { db } = ctx.database;
  const byStatus = await db
    .select({ status: orders.status, orders: count(), oldest: min(orders.createdAt) })
    .from(orders)
    .where(inArray(orders.status, [...UNANSWERED]))
    .groupBy(orders.status);
  const of = (wanted: string) => byStatus.find(({ status }) => status === wanted);
  const oldestAt = [of('submitting')?.oldest, of('unknown')?.oldest].filter((at) => typeof at === 'string');
  const [oldest = null] = oldestAt.toSorted((a, b) => a.localeCompare(b));
  return {
    at: ctx.clock.iso(),
    depth: of('submitting')?.orders ?? 0,
    waiting,
    inFlight: sending,
    inDoubt: of('unknown')?.orders ?? 0,
    inReview: of('needs_review')?.orders ?? 0,
    failedToday: await failedToday(ctx),
    oldestAt: oldest,
    oldestAgeMs: oldest === null ? null : Math.max(0, ctx.clock.now() - Date.parse(oldest)),
    paused: await withOwners(ctx, paused),
    workers: await listWorkers(ctx),
  };
}

/** Orders made since midnight in New York that a venue rejected, or that waited too long to be sent. */
async function failedToday({ clock, database: { db } }: ServiceContext): Promise<number> {
  // Ids sort by the time of their making, and are indexed.
  const midnight = newId('ord', tradingDayStart(clock.now())).slice(0, 'ord_'.length + 10);
  const isFailed = or(eq(orders.status, 'rejected'), eq(orders.reasonCode, 'waited_too_long'));
  return db.$count(orders, and(gte(orders.id, midnight), isFailed));
}

async function withOwners(ctx: ServiceContext, paused: readonly { accountId: string; until: number }[]) {
  if (paused.length === 0) return [];
  const owners = await ctx.database.db
    .select({ accountId: connections.id, owner: users.username })
    .from(connections)
    .innerJoin(users, eq(users.id, connections.userId))
    .where(
      inArray(
        connections.id,
        paused.map(({ accountId }) => accountId),
      ),
    );
  return paused.map(({ accountId, until }) => ({
    accountId,
    owner: owners.find((one) => one.accountId === accountId)?.owner ?? 'unknown',
    until: ctx.clock.iso(until),
  }));
}

/** This process, and the others that are entered in the database; who stopped beating is struck out of it. */
async function listWorkers({ clock, database: { db }, workers: own }: ServiceContext) {
  const held = await db
    .select({ holder: orders.leaseHolder, orders: count() })
    .from(orders)
    .where(eq(orders.status, 'submitting'))
    .groupBy(orders.leaseHolder);
  const rows = await db.select().from(workers).orderBy(workers.startedAt);
  return rows.map(({ id, pid, startedAt, beatAt }) => ({
    id,
    pid,
    isThis: id === own.id,
    startedAt,
    seenAt: id === own.id ? clock.iso() : beatAt,
    orders: held.find(({ holder }) => holder === id)?.orders ?? 0,
  }));
}
