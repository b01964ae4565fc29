import { z } from 'zod';
import { driftSchema, reconciliationSchema } from '@/domain/ledger/drift';
import { tradeSchema } from '@/domain/ledger/round-trips';
import { decimalString } from '@/domain/money';
import { ledgerPage, listLedger, listLedgerInput } from '@/server/services/books/list-ledger';
import { listTrades, listTradesInput } from '@/server/services/books/list-trades';
import { adoptVenueBooks, compareNow, getReconciliation } from '@/server/services/reconciliation/adopt';
import { authedProcedure, router, tradingProcedure } from '@/server/trpc/init';

const accountId = z.string().max(64).optional();

export const reconciliationRouter = router({
  get: authedProcedure
    .meta({
      summary: "How an account's books last compared with its broker's",
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/reconciliation' }],
    })
    .input(z.strictObject({ accountId }).prefault({}))
    .output(reconciliationSchema)
    .query(({ ctx, input }) => getReconciliation(ctx.services, input)),

  compare: authedProcedure
    .meta({
      summary: "Compare an account's books with its broker's now",
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/reconciliation/compare' }],
    })
    .input(z.strictObject({ accountId }).prefault({}))
    .output(reconciliationSchema)
    .mutation(({ ctx, input }) => compareNow(ctx.services, input)),

  adopt: tradingProcedure
    .meta({
      summary: "Take the broker's word where the books differ; name the differences you saw",
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/reconciliation/adopt' }],
    })
    .input(z.strictObject({ accountId, drifts: z.array(driftSchema).min(1).max(1000) }))
    .output(reconciliationSchema)
    .mutation(({ ctx, input }) => adoptVenueBooks(ctx.services, input)),
});

export const tradesRouter = router({
  list: authedProcedure
    .meta({
      summary: 'Round trips with realised P&L, the newest first',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/trades' }],
    })
    .input(listTradesInput.prefault({}))
    .output(
      z.object({
        trades: z.array(tradeSchema),
        total: z.number().int().describe('how many match'),
        realizedPl: decimalString.describe('of all that match, US dollars'),
      }),
    )
    .query(({ ctx, input }) => listTrades(ctx.services, input)),
});

export const ledgerRouter = router({
  list: authedProcedure
    .meta({
      summary: "An account's double-entry ledger: balances, and transfers, the newest first",
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/ledger' }],
    })
    .input(listLedgerInput.prefault({}))
    .output(ledgerPage)
    .query(({ ctx, input }) => listLedger(ctx.services, input)),
});
