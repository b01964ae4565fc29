import { and, inArray } from 'drizzle-orm';
import { setTimeout as pause } from 'node:timers/promises';
import { orders } from '@/db/schema';
import { UNCLOSED } from '@/domain/order/status';
import type { UserContext } from '../context';

const LOOK_AGAIN_MS = 25;
const PATIENCE_MS = 2_000;

/**
 * Waits until the venue has said of each of these orders that it is over, two seconds at most: only then has it
 * let go of the shares they held.
 */
export async function untilClosed(ctx: UserContext, ids: readonly string[]): Promise<void> {
  const deadline = ctx.clock.now() + PATIENCE_MS;
  while (ids.length > 0 && ctx.clock.now() < deadline) {
    const open = await ctx.database.db
      .select({ id: orders.id })
      .from(orders)
      .where(and(inArray(orders.id, [...ids]), inArray(orders.status, UNCLOSED)))
      .limit(1);
    if (open.length === 0) return;
    await pause(LOOK_AGAIN_MS);
  }
}
