import { inArray } from 'drizzle-orm';
import { connections, orders } from '@/db/schema';
import type { VenueOrderEvent } from '@/server/brokers/ports';
import type { AccountRecord } from '../../accounts/account-record';
import type { ServiceContext } from '../../context';
import { applyVenueOrder } from './apply-venue-order';
import { accountsWithOpenOrders, reconcileAccount, resolveDoubts } from './reconcile-orders';

export type OrderWatch = {
  /** Opens an account's order stream, once, and keeps it open. */
  watch(account: AccountRecord): void;
  /** Settles what was open when the desk last stopped; resolves when every account was tried. */
  start(): Promise<void>;
  /** Whether that is done. */
  readonly started: boolean;
  stop(): void;
};

type Ctx = Pick<ServiceContext, 'clock' | 'database' | 'orderBus' | 'log' | 'sessions'>;

const DOUBT_POLL_MS = 2_000;

/** Follows the venue: events as they stream, a sweep after every reconnect, and look-ups while in doubt. */
export function createOrderWatch(ctx: Ctx): OrderWatch {
  const streams = new Map<string, { close(): void }>();
  /** An account's events are taken in one after another, in the order they came. */
  const queues = new Map<string, Promise<void>>();
  let polling = false;
  let started = false;

  function enqueue(account: AccountRecord, work: () => Promise<unknown>): Promise<void> {
    const next = (queues.get(account.id) ?? Promise.resolve()).then(work).then(
      () => undefined,
      (error: unknown) =>
        ctx.log.error({ err: error, accountId: account.id }, 'an order event could not be taken in'),
    );
    queues.set(account.id, next);
    return next;
  }

  function watch(account: AccountRecord): void {
    if (streams.has(account.id)) return;
    const stream = ctx.sessions.of(account).execution.watchOrders({
      onEvent: ({ order, fill }: VenueOrderEvent) =>
        void enqueue(account, () => applyVenueOrder(ctx, account, order, fill)),
      onReady: () => void enqueue(account, () => reconcileAccount(ctx, account)),
      onDown: (reason) => ctx.log.warn({ accountId: account.id, reason }, 'order stream down'),
    });
    streams.set(account.id, stream);
  }

  async function pollDoubts(): Promise<void> {
    if (polling) return;
    polling = true;
    try {
      const ids = ctx.database.db
        .selectDistinct({ id: orders.accountId })
        .from(orders)
        .where(inArray(orders.status, ['submitting', 'unknown', 'needs_review']));
      const accounts = await ctx.database.db.select().from(connections).where(inArray(connections.id, ids));
      await Promise.all(accounts.map((account) => enqueue(account, () => resolveDoubts(ctx, account))));
    } finally {
      polling = false;
    }
  }

  const timer = setInterval(() => {
    pollDoubts().catch((error: unknown) =>
      ctx.log.error({ err: error }, 'doubtful orders could not be looked up'),
    );
  }, DOUBT_POLL_MS);
  timer.unref();

  return {
    watch,
    get started() {
      return started;
    },
    async start() {
      const accounts = await accountsWithOpenOrders(ctx);
      await Promise.all(accounts.map((account) => enqueue(account, () => reconcileAccount(ctx, account))));
      for (const account of accounts) watch(account);
      started = true;
    },
    stop() {
      clearInterval(timer);
      for (const stream of streams.values()) stream.close();
      streams.clear();
    },
  };
}
