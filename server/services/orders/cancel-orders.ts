import { and, eq, inArray } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import { isLeg, type Order } from '@/domain/order/order';
import { isClosed, ORDER_STATUSES, phaseOf } from '@/domain/order/status';
import { type AccountRecord, authorizeAccount } from '../accounts/account-record';
import type { ServiceContext, UserContext } from '../context';
import { cancelRow } from './cancel-order';
import { tradesIn } from './list-orders';
import { wantAllCancelled } from './venue/ask-to-cancel';
import { getOrderRow, type OrderRow, toOrder } from './order-record';

export type CancelledOrders = { requested: Order[]; failed: { id: string; message: string }[] };

/** Those in doubt too: they must not come to life after everything was cancelled. */
const UNCLOSED = ORDER_STATUSES.filter(
  (status) => phaseOf(status) !== 'closed' && status !== 'pending_cancel',
);
const AT_ONCE = 8;
/** From so many on, the venue is asked once for all of them. */
const MANY = 25;

/** Asks the venue to cancel every working order of an account, or those of one symbol. One failure stops no other. */
export async function cancelOrders(
  ctx: UserContext,
  input: { accountId?: string | undefined; symbol?: string | undefined },
): Promise<CancelledOrders> {
  return cancelAccount(ctx, await authorizeAccount(ctx, input.accountId), input.symbol);
}

/** The same for an account that the caller may act on. */
export async function cancelAccount(
  ctx: ServiceContext,
  account: AccountRecord,
  symbol?: string,
): Promise<CancelledOrders> {
  const found = await ctx.database.db
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.accountId, account.id),
        inArray(orders.status, UNCLOSED),
        symbol === undefined ? undefined : tradesIn(symbol),
      ),
    );
  // Legs end with their order, which is among them.
  const rows = found.filter((row) => !isLeg(row));
  if (symbol === undefined && rows.length >= MANY) return cancelMany(ctx, account, rows);
  return cancelEach(ctx, account, rows);
}

/** One request ends all that the venue has; how each of them ends is told by its own events. */
async function cancelMany(
  ctx: ServiceContext,
  account: AccountRecord,
  rows: readonly OrderRow[],
): Promise<CancelledOrders> {
  const { execution } = ctx.sessions.of(account);
  let refused: Awaited<ReturnType<typeof execution.cancelAll>>;
  try {
    refused = await ctx.lanes.cancel(account.id, () => execution.cancelAll());
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    // No answer, so nobody knows which are gone: each is asked for, and asked again until it is known.
    return cancelEach(ctx, account, rows);
  }
  const failed = new Map(refused.map(({ venueOrderId, message }) => [venueOrderId, message]));
  const taken = rows.filter(({ venueOrderId }) => venueOrderId !== null && !failed.has(venueOrderId));
  try {
    await wantAllCancelled(
      ctx,
      taken.map(({ id }) => id),
    );
  } catch (error) {
    // As for a single one: the venue has been asked, which is what counts.
    ctx.log.error({ err: error, accountId: account.id }, 'cancels were sent and could not be written down');
  }
  // What the venue may not have yet was not among them.
  const doubted = await cancelEach(
    ctx,
    account,
    rows.filter(({ venueOrderId }) => venueOrderId === null),
  );
  for (const row of rows) {
    if (row.venueOrderId === null) continue;
    const message = failed.get(row.venueOrderId);
    if (message === undefined) doubted.requested.push(toOrder(row));
    else doubted.failed.push({ id: row.id, message });
  }
  return doubted;
}

async function cancelEach(
  ctx: ServiceContext,
  account: AccountRecord,
  rows: readonly OrderRow[],
): Promise<CancelledOrders> {
  const waiting = [...rows];
  const result: CancelledOrders = { requested: [], failed: [] };
  const work = async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      try {
        result.requested.push(await cancelRow(ctx, account, row));
      } catch (error) {
        if (!(error instanceof DeskError)) throw error;
        // What was over before the cancel came needed none.
        if (isClosed((await getOrderRow(ctx, row.id)).status)) continue;
        result.failed.push({ id: row.id, message: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return result;
}
