import { and, desc, eq, lt } from 'drizzle-orm';
import { z } from 'zod';
import { LEDGER_SOURCES, ledgerTransfers } from '@/db/schema';
import { ledgerAccount, toDollars } from '@/domain/ledger/transfer';
import { decimalString } from '@/domain/money';
import { instant } from '@/domain/time';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { ledgerBalances } from './desk-books';

export const listLedgerInput = z.strictObject({
  accountId: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.coerce.number().int().positive().optional().describe('the nextCursor of the page before'),
});

export const ledgerPage = z.object({
  balances: z.array(z.object({ account: ledgerAccount, balance: decimalString })),
  transfers: z.array(
    z.object({
      seq: z.number().int(),
      source: z.enum(LEDGER_SOURCES),
      sourceId: z.string(),
      debit: ledgerAccount,
      credit: ledgerAccount,
      symbol: z.string().nullable(),
      amount: decimalString,
      at: instant,
    }),
  ),
  nextCursor: z.number().int().nullable(),
});

/** The account's double-entry books: balances now, and transfers, the newest first. Amounts in US dollars. */
export async function listLedger(
  ctx: UserContext,
  input: z.infer<typeof listLedgerInput>,
): Promise<z.infer<typeof ledgerPage>> {
  const account = await authorizeAccount(ctx, input.accountId);
  const { db } = ctx.database;
  const rows = await db
    .select()
    .from(ledgerTransfers)
    .where(
      and(
        eq(ledgerTransfers.accountId, account.id),
        input.cursor === undefined ? undefined : lt(ledgerTransfers.seq, input.cursor),
      ),
    )
    .orderBy(desc(ledgerTransfers.seq))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  return {
    balances: await ledgerBalances(db, account.id),
    transfers: page.map(({ seq, source, sourceId, debit, credit, symbol, micros, at }) => ({
      seq,
      source,
      sourceId,
      debit,
      credit,
      symbol,
      amount: toDollars(micros),
      at,
    })),
    nextCursor: rows.length > input.limit ? (page.at(-1)?.seq ?? null) : null,
  };
}
