import { and, eq, inArray, isNull } from 'drizzle-orm';
import { connections, orders } from '@/db/schema';
import { ORDER_STATUSES, phaseOf } from '@/domain/order/status';
import type { AccountRecord } from '../../accounts/account-record';
import type { ServiceContext } from '../../context';
import { applyVenueOrder } from './apply-venue-order';
import { postMissingFills } from './post-missing-fills';
import { changeOrder } from '../change-order';
import type { OrderRow } from '../order-record';

type Ctx = Pick<ServiceContext, 'clock' | 'database' | 'orderBus' | 'log' | 'sessions'>;

const UNSETTLED = ORDER_STATUSES.filter((status) => phaseOf(status) !== 'closed');

/** An order still `submitting` after this long lost its sender: the desk stopped in between. */
const SENDER_LOST_MS = 10_000;
/** A miss is not proof that an order was never accepted (Alpaca docs); after this long a person decides. */
const REVIEW_AFTER_MS = 60_000;
const LOOK_BACK_MS = 5 * 60_000;

/** Asks the venue what stands open and what happened lately in an account, and takes in what it says. */
export async function reconcileAccount(ctx: Ctx, account: AccountRecord): Promise<void> {
  const open = await ctx.database.db
    .select()
    .from(orders)
    .where(and(eq(orders.accountId, account.id), inArray(orders.status, UNSETTLED)));
  const oldest = open.reduce((least, row) => Math.min(least, Date.parse(row.createdAt)), ctx.clock.now());
  const since = oldest - LOOK_BACK_MS;
  const { execution } = ctx.sessions.of(account);
  const recent = await execution.listOrders(ctx.clock.iso(since));
  const standing = await execution.listOpenOrders();
  for (const venue of [...recent, ...standing]) await applyVenueOrder(ctx, account, venue, null);
  await postMissingFills(ctx, account, ctx.clock.iso(since));
  await resolveDoubts(ctx, account);
}

/** Looks up the orders whose sending had no readable answer, by the id they were sent under. */
export async function resolveDoubts(ctx: Ctx, account: AccountRecord): Promise<void> {
  const before = ctx.clock.iso(ctx.clock.now() - SENDER_LOST_MS);
  const doubtful = await ctx.database.db
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.accountId, account.id),
        isNull(orders.venueOrderId),
        inArray(orders.status, ['submitting', 'unknown', 'needs_review']),
      ),
    );
  const { execution } = ctx.sessions.of(account);
  for (const row of doubtful) {
    if (row.status === 'submitting' && row.createdAt > before) continue;
    const venue = await execution.findByClientOrderId(row.clientOrderId);
    if (venue === null) await keepInDoubt(ctx, row);
    else await applyVenueOrder(ctx, account, venue, null);
  }
}

function keepInDoubt(ctx: Ctx, row: OrderRow) {
  const old = ctx.clock.now() - Date.parse(row.createdAt) > REVIEW_AFTER_MS;
  return changeOrder(ctx, row.id, (current) => {
    if (current.venueOrderId !== null) return null;
    if (current.status === 'submitting') {
      return {
        set: { status: 'unknown' },
        event: { type: 'doubted', message: 'the desk stopped while sending it' },
      };
    }
    if (old && current.status === 'unknown') {
      return {
        set: { status: 'needs_review' },
        event: { type: 'doubted', message: 'the venue does not know it so far' },
      };
    }
    return null;
  });
}

/** Accounts with something unsettled; their streams open at start. */
export async function accountsWithOpenOrders(
  ctx: Pick<ServiceContext, 'database'>,
): Promise<AccountRecord[]> {
  const ids = ctx.database.db
    .selectDistinct({ id: orders.accountId })
    .from(orders)
    .where(inArray(orders.status, UNSETTLED));
  return ctx.database.db.select().from(connections).where(inArray(connections.id, ids));
}
