import { and, count, eq, gte, inArray, min, or } from 'drizzle-orm';
import { connections, orders, users, workers } from '@/db/schema';
import { tradingDayStart } from '@/domain/market/trading-day';
import { newId } from '@/server/platform/ids';
import type { ServiceContext } from '../context';

const UNANSWERED = ['submitting', 'unknown', 'needs_review'] as const;

/**
 * What goes out to the venues now, over all accounts: orders by the database, and where this process alone sends, what
 * it is at by its lanes. For admins; the caller's right is checked before.
 */
export async function queueStatus(ctx: ServiceContext) {
  const { waiting, inFlight, paused } =
    ctx.dispatch === null ? ofThisProcess(ctx) : await ofAllProcesses(ctx);
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
    inFlight,
    inDoubt: of('unknown')?.orders ?? 0,
    inReview: of('needs_review')?.orders ?? 0,
    failedToday: await failedToday(ctx),
    oldestAt: oldest,
    oldestAgeMs: oldest === null ? null : Math.max(0, ctx.clock.now() - Date.parse(oldest)),
    paused: await withOwners(ctx, paused),
    workers: await listWorkers(ctx),
    isShared: ctx.dispatch !== null,
    wakeUps: (await ctx.dispatch?.counts()) ?? null,
  };
}

type Doing = { waiting: number; inFlight: number; paused: { accountId: string; until: number | null }[] };

function ofThisProcess({ lanes }: ServiceContext): Doing {
  const { waiting, sending, paused } = lanes.state();
  return { waiting, inFlight: sending, paused };
}

/** An order that has not left and has a sender all the same waits out a 429, until when only its sender knows. */
async function ofAllProcesses({ database: { db }, lanes }: ServiceContext): Promise<Doing> {
  const { accountId, mayBeSent } = orders;
  const rows = await db
    .select({ id: orders.id, accountId, mayBeSent, sender: workers.id })
    .from(orders)
    .leftJoin(workers, eq(workers.id, orders.leaseHolder))
    .where(eq(orders.status, 'submitting'));
  // A live account's orders count as perhaps sent from the start, and wait for their turn in the desk's own lanes.
  const isInLine = (id: string) => lanes.has(id) && !lanes.isUnderWay(id);
  const unsent = rows.filter((row) => !row.mayBeSent);
  const waiting = rows.filter((row) => !row.mayBeSent || isInLine(row.id)).length;
  const own = new Map(lanes.state().paused.map(({ accountId, until }) => [accountId, until]));
  // A live account's orders have the desk for a sender, however many wait.
  const told = new Set(unsent.flatMap((row) => (row.sender === null ? [] : [row.accountId])));
  return {
    waiting,
    inFlight: rows.length - waiting,
    paused: [...told].map((id) => ({ accountId: id, until: own.get(id) ?? null })),
  };
}

/** Orders made since midnight in New York that a venue rejected, or that waited too long to be sent. */
async function failedToday({ clock, database: { db } }: ServiceContext): Promise<number> {
  // Ids sort by the time of their making, and are indexed.
  const midnight = newId('ord', tradingDayStart(clock.now())).slice(0, 'ord_'.length + 10);
  const isFailed = or(eq(orders.status, 'rejected'), eq(orders.reasonCode, 'waited_too_long'));
  return db.$count(orders, and(gte(orders.id, midnight), isFailed));
}

async function withOwners(ctx: ServiceContext, paused: Doing['paused']) {
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
    until: until === null ? null : ctx.clock.iso(until),
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
  return rows.map(({ id, kind, pid, startedAt, beatAt }) => ({
    id,
    kind,
    pid,
    isThis: id === own.id,
    startedAt,
    seenAt: id === own.id ? clock.iso() : beatAt,
    orders: held.find(({ holder }) => holder === id)?.orders ?? 0,
  }));
}
