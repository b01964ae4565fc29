import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import { z } from 'zod';
import { alerts } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import { type Alert, alertSchema, type UnprotectedAlert } from '@/domain/protection/alert';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';

/** An alert as answers show it: a row without the columns that its kind does not have. */
const toAlert = (row: typeof alerts.$inferSelect): Alert => alertSchema.parse(row);

/** One of the actor's own alerts of a position; anybody else's reads as not found. Errors: `conflict` for another kind. */
export async function findOwnAlert(ctx: UserContext, id: string): Promise<UnprotectedAlert> {
  const [row] = await ctx.database.db
    .select()
    .from(alerts)
    .where(and(eq(alerts.id, id), eq(alerts.userId, ctx.actor.userId)))
    .limit(1);
  if (row === undefined)
    throw new DeskError('not_found', 'There is no such alert. List your alerts to see their ids.');
  const alert = toAlert(row);
  if (alert.kind !== 'unprotected_position')
    throw new DeskError(
      'conflict',
      'This alert is not about a position; there is nothing to close or protect.',
    );
  return alert;
}

export const listAlertsInput = z.strictObject({
  accountId: z.string().max(64).optional(),
  status: z.enum(['open', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(64).optional().describe('the last id of the page before'),
});

export const alertsPage = z.object({ alerts: z.array(alertSchema), nextCursor: z.string().nullable() });

/** Alerts of an account, the newest first. Errors: `not_found` for another's account. */
export async function listAlerts(
  ctx: UserContext,
  { accountId, status, limit, cursor }: z.infer<typeof listAlertsInput>,
): Promise<z.infer<typeof alertsPage>> {
  const account = await authorizeAccount(ctx, accountId);
  const rows = await ctx.database.db
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.userId, ctx.actor.userId),
        eq(alerts.accountId, account.id),
        status === 'open' ? isNull(alerts.clearedAt) : undefined,
        cursor === undefined ? undefined : lt(alerts.id, cursor),
      ),
    )
    .orderBy(desc(alerts.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    alerts: page.map(toAlert),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
