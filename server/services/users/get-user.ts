import { eq } from 'drizzle-orm';
import { users } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { User } from '@/domain/user';
import type { UserContext } from '../context';
import { toUser } from './create-user';

/** The actor's own profile. */
export async function getUser(ctx: UserContext): Promise<User> {
  const [row] = await ctx.database.db.select().from(users).where(eq(users.id, ctx.actor.userId)).limit(1);
  if (row === undefined) throw new DeskError('unauthenticated', 'This user no longer exists. Sign in again.');
  return toUser(row);
}
