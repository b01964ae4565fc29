import { and, asc, eq, isNull } from 'drizzle-orm';
import { fills, ledgerTransfers, orders } from '@/db/schema';
import type { Database } from '@/db/client';
import { fillStatements } from './post';

/** Books the executions of a desk that had no ledger yet, oldest first; does nothing when all are booked. */
export async function bookOldFills({ database }: { database: Database }): Promise<number> {
  const { db } = database;
  const unbooked = await db
    .select({ fill: fills, order: { accountId: orders.accountId, symbol: orders.symbol, side: orders.side } })
    .from(fills)
    .innerJoin(orders, eq(orders.id, fills.orderId))
    .leftJoin(
      ledgerTransfers,
      and(
        eq(ledgerTransfers.accountId, fills.accountId),
        eq(ledgerTransfers.source, 'fill'),
        eq(ledgerTransfers.sourceId, fills.executionId),
        eq(ledgerTransfers.line, 0),
      ),
    )
    .where(isNull(ledgerTransfers.seq))
    .orderBy(asc(fills.at), asc(fills.executionId));
  for (const { fill, order } of unbooked) {
    await database.write(async (db) => {
      const [first, ...rest] = await fillStatements(db, order, fill);
      if (first !== undefined) await db.batch([first, ...rest]);
    });
  }
  return unbooked.length;
}
