import { and, count, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { alerts, comparisons, killSwitches, orders, riskProfiles } from '@/db/schema';
import { UNCLOSED } from '@/domain/order/status';
import type { ServiceContext } from '../context';

/** What whoever runs the desk must know of, counted over all accounts. */
export async function deskState({ database: { db } }: Pick<ServiceContext, 'database'>) {
  const [drifted] = await db
    .select({ accounts: count() })
    .from(comparisons)
    .where(isNotNull(comparisons.driftedSince));
  const byStatus = await db
    .select({ status: orders.status, orders: count() })
    .from(orders)
    .where(inArray(orders.status, UNCLOSED))
    .groupBy(orders.status);
  const [stopped] = await db
    .select({ accounts: count() })
    .from(riskProfiles)
    .where(eq(riskProfiles.blocked, true));
  const [oldest] = await db
    .select({ at: sql<string | null>`min(${orders.createdAt})` })
    .from(orders)
    .where(inArray(orders.status, ['submitting', 'unknown', 'needs_review']));
  const openAlerts = (kind: 'unprotected_position' | 'keys_refused') =>
    db.$count(alerts, and(eq(alerts.kind, kind), isNull(alerts.clearedAt)));
  return {
    driftedAccounts: drifted?.accounts ?? 0,
    stoppedAccounts: stopped?.accounts ?? 0,
    wideSwitches: await db.$count(killSwitches),
    /** Positions whose stop does not work. */
    unprotectedPositions: await openAlerts('unprotected_position'),
    /** Accounts whose broker refuses their keys. */
    refusedAccounts: await openAlerts('keys_refused'),
    /** Orders that are not over, by status; a status without any is absent. */
    ordersByStatus: byStatus,
    /** When the oldest order without the venue's word was made; null when there is none. */
    oldestInFlightAt: oldest?.at ?? null,
  };
}
