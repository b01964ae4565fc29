import { eq, sql } from 'drizzle-orm';
import { prepared } from '@/db/prepared';
import { comparisons } from '@/db/schema';
import type { ServiceContext } from '../context';

const byAccount = prepared((db) =>
  db
    .select()
    .from(comparisons)
    .where(eq(comparisons.accountId, sql.placeholder('accountId')))
    .prepare(),
);

/** How an account's books last compared with its venue's; null before the first time. */
export async function comparisonOf(ctx: Pick<ServiceContext, 'database'>, accountId: string) {
  return (await byAccount(ctx.database.db).get({ accountId })) ?? null;
}
