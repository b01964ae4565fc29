import { eq } from 'drizzle-orm';
import { comparisons } from '@/db/schema';
import type { ServiceContext } from '../context';

/** How an account's books last compared with its venue's; null before the first time. */
export async function comparisonOf(ctx: Pick<ServiceContext, 'database'>, accountId: string) {
  const [row] = await ctx.database.db
    .select()
    .from(comparisons)
    .where(eq(comparisons.accountId, accountId))
    .limit(1);
  return row ?? null;
}
