import { and, eq } from 'drizzle-orm';
import { holdings, type LEDGER_SOURCES, ledgerTransfers } from '@/db/schema';
import type { Db } from '@/db/client';
import { type Holding, noHolding, postFill, tradeMicros } from '@/domain/ledger/post-fill';
import type { Transfer } from '@/domain/ledger/transfer';
import { contractSize, heldSymbol } from '@/domain/market/symbols';
import type { Fill, OrderSide } from '@/domain/order/order';
import { transferDigest } from '@/db/audit/digests';

/** What a posting stands for: with its line it can be booked once only. */
type Source = {
  accountId: string;
  source: (typeof LEDGER_SOURCES)[number];
  sourceId: string;
  at: string;
};

/** What an account holds of a symbol by the desk's books. */
export async function holdingOf(db: Db, accountId: string, symbol: string): Promise<Holding> {
  const [held] = await db
    .select({ symbol: holdings.symbol, qty: holdings.qty, costMicros: holdings.costMicros })
    .from(holdings)
    .where(and(eq(holdings.accountId, accountId), eq(holdings.symbol, symbol)))
    .limit(1);
  return held ?? noHolding(symbol);
}

/** The statements that book a posting; they belong into the batch of what caused it. */
export function postingStatements(db: Db, source: Source, holding: Holding | null, transfers: Transfer[]) {
  const { accountId } = source;
  const booked = transfers.map((transfer, line) => {
    const row = { ...source, ...transfer, line };
    return db.insert(ledgerTransfers).values({ ...row, digest: transferDigest(row) });
  });
  if (holding === null) return booked;
  const { symbol, qty, costMicros } = holding;
  const held = db
    .insert(holdings)
    .values({ accountId, symbol, qty, costMicros })
    .onConflictDoUpdate({ target: [holdings.accountId, holdings.symbol], set: { qty, costMicros } });
  return [held, ...booked];
}

/** The statements that book an execution; call it inside the write that stores the fill. */
export async function fillStatements(
  db: Db,
  order: { accountId: string; symbol: string; side: OrderSide },
  fill: Fill,
) {
  const symbol = heldSymbol(order.symbol);
  const held = await holdingOf(db, order.accountId, symbol);
  const micros = tradeMicros(fill.qty, fill.price, contractSize(symbol));
  const { holding, transfers } = postFill(held, { side: order.side, qty: fill.qty, micros });
  const source = {
    accountId: order.accountId,
    source: 'fill',
    sourceId: fill.executionId,
    at: fill.at,
  } as const;
  return postingStatements(db, source, holding, transfers);
}
