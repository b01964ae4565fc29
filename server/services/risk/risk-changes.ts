import type { Db } from '@/db/client';
import { riskChanges } from '@/db/schema';
import type { UserContext } from '../context';

/** The audit row of a change; it belongs into the batch of what it tells of. */
export function changeStatement(
  db: Db,
  ctx: UserContext,
  change: Pick<typeof riskChanges.$inferInsert, 'subject' | 'action' | 'before' | 'after'>,
) {
  return db.insert(riskChanges).values({ ...change, actorId: ctx.actor.userId, at: ctx.clock.iso() });
}
