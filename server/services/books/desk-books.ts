import { and, eq, ne, or, sql } from 'drizzle-orm';
import { holdings, ledgerTransfers } from '@/db/schema';
import type { Db } from '@/db/client';
import type { Books } from '@/domain/ledger/drift';
import { LEDGER_ACCOUNTS, type LedgerAccount, toDollars } from '@/domain/ledger/transfer';

/** What transfers left in one account of the books, micro-dollars; read as text, so that no sum is too large. */
export async function ledgerBalance(db: Db, accountId: string, account: LedgerAccount): Promise<bigint> {
  const { debit, credit, micros } = ledgerTransfers;
  const signed = sql`case when ${debit} = ${account} then ${micros} else -${micros} end`;
  const [row] = await db
    .select({ sum: sql<string>`cast(coalesce(sum(${signed}), 0) as text)` })
    .from(ledgerTransfers)
    .where(and(eq(ledgerTransfers.accountId, accountId), or(eq(debit, account), eq(credit, account))));
  return BigInt(row?.sum ?? '0');
}

/** Every account of the books with its balance in dollars. */
export async function ledgerBalances(db: Db, accountId: string) {
  return Promise.all(
    LEDGER_ACCOUNTS.map(async (account) => ({
      account,
      balance: toDollars(await ledgerBalance(db, accountId, account)),
    })),
  );
}

/** Open positions by the desk's own books. */
export function openHoldings(db: Db, accountId: string) {
  return db
    .select({ symbol: holdings.symbol, qty: holdings.qty, costMicros: holdings.costMicros })
    .from(holdings)
    .where(and(eq(holdings.accountId, accountId), ne(holdings.qty, '0')))
    .orderBy(holdings.symbol);
}

/** Cash and shares by the desk's own books. */
export async function deskBooks(db: Db, accountId: string): Promise<Books> {
  const held = await openHoldings(db, accountId);
  return {
    cash: toDollars(await ledgerBalance(db, accountId, 'cash')),
    shares: new Map(held.map(({ symbol, qty }) => [symbol, qty])),
  };
}
