import { router } from '@/server/trpc/init';
import { accountRouter } from './accounts/account';
import { alertsRouter } from './safety/alerts';
import { assetsRouter } from './market/assets';
import { authRouter } from './access/auth';
import { connectionsRouter } from './accounts/connections';
import { ledgerRouter, reconciliationRouter, tradesRouter } from './books';
import { barsRouter } from './market/bars';
import { ordersRouter } from './orders';
import { positionsRouter } from './positions';
import { backupsRouter } from './admin/backups';
import { queueRouter } from './admin/queue';
import { quotesRouter } from './market/quotes';
import { riskRouter } from './safety/risk';
import { securityRouter } from './access/security';
import { streamRouter } from './stream';
import { systemRouter } from './system';
import { watchlistsRouter } from './watchlists';
import { webhooksRouter } from './webhooks';

export const appRouter = router({
  account: accountRouter,
  alerts: alertsRouter,
  assets: assetsRouter,
  auth: authRouter,
  backups: backupsRouter,
  bars: barsRouter,
  connections: connectionsRouter,
  ledger: ledgerRouter,
  orders: ordersRouter,
  positions: positionsRouter,
  queue: queueRouter,
  quotes: quotesRouter,
  reconciliation: reconciliationRouter,
  risk: riskRouter,
  security: securityRouter,
  stream: streamRouter,
  system: systemRouter,
  trades: tradesRouter,
  watchlists: watchlistsRouter,
  webhooks: webhooksRouter,
});

export type AppRouter = typeof appRouter;
