import { and, desc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { webhooks } from '@/db/schema';
import type { Webhook } from '@/domain/webhook/hook';
import type { UserContext } from '../context';
import { toWebhook } from './hook-record';

export const listHooksInput = z.strictObject({
  deleted: z
    .union([z.boolean(), z.stringbool()])
    .default(false)
    .describe('with the deleted ones, whose logs can still be read'),
});

/** The actor's hooks, the newest first. */
export async function listHooks(
  ctx: UserContext,
  input: z.infer<typeof listHooksInput>,
): Promise<{ webhooks: Webhook[] }> {
  const rows = await ctx.database.db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.userId, ctx.actor.userId), input.deleted ? undefined : isNull(webhooks.deletedAt)))
    .orderBy(desc(webhooks.id))
    .limit(500);
  return { webhooks: rows.map(toWebhook) };
}
