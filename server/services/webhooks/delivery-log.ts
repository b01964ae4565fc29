import { and, desc, eq, lt, lte } from 'drizzle-orm';
import { z } from 'zod';
import { webhookDeliveries } from '@/db/schema';
import type { Delivery } from '@/domain/webhook/hook';
import type { ServiceContext, UserContext } from '../context';
import { findOwnHook } from './hook-record';

/** So many deliveries of a hook are kept. */
const KEPT = 1_000;

export type DeliveryNote = Omit<Delivery, 'seq' | 'at'> & { hookId: string };

/** Keeps a delivery in its hook's log and lets the oldest go. */
export async function logDelivery(
  ctx: Pick<ServiceContext, 'clock' | 'database'>,
  note: DeliveryNote,
): Promise<void> {
  const ofHook = eq(webhookDeliveries.hookId, note.hookId);
  await ctx.database.write(async (db) => {
    const [beyond] = await db
      .select({ seq: webhookDeliveries.seq })
      .from(webhookDeliveries)
      .where(ofHook)
      .orderBy(desc(webhookDeliveries.seq))
      .offset(KEPT - 1)
      .limit(1);
    const insert = db.insert(webhookDeliveries).values({ ...note, at: ctx.clock.iso() });
    if (beyond === undefined) await insert;
    else
      await db.batch([
        insert,
        db.delete(webhookDeliveries).where(and(ofHook, lte(webhookDeliveries.seq, beyond.seq))),
      ]);
  });
}

export const listDeliveriesInput = z.strictObject({
  id: z.string().min(1).max(64),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().positive().optional().describe('the nextCursor of the page before'),
});

/** The log of one of the actor's hooks, the newest first. Errors: `not_found`. */
export async function listDeliveries(
  ctx: UserContext,
  input: z.infer<typeof listDeliveriesInput>,
): Promise<{ deliveries: Delivery[]; nextCursor: number | null }> {
  const hook = await findOwnHook(ctx, input.id);
  const rows = await ctx.database.db
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.hookId, hook.id),
        input.cursor === undefined ? undefined : lt(webhookDeliveries.seq, input.cursor),
      ),
    )
    .orderBy(desc(webhookDeliveries.seq))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  return {
    deliveries: page.map(({ hookId: _hook, ...delivery }) => delivery),
    nextCursor: rows.length > input.limit ? (page.at(-1)?.seq ?? null) : null,
  };
}
