import type { orders } from '@/db/schema';

/** An order's terms as its caller might have worded them: what was left open is absent. */
export function termsOf(row: typeof orders.$inferSelect) {
  return {
    ...row,
    idempotencyKey: row.idempotencyKey ?? undefined,
    positionIntent: row.positionIntent ?? undefined,
    legs: row.legs ?? undefined,
    qty: row.qty ?? undefined,
    notional: row.notional ?? undefined,
    limitPrice: row.limitPrice ?? undefined,
    stopPrice: row.stopPrice ?? undefined,
    trailPrice: row.trailPrice ?? undefined,
    trailPercent: row.trailPercent ?? undefined,
    takeProfit: undefined,
    stopLoss: undefined,
  };
}
