import { setImmediate as breath } from 'node:timers/promises';
import { and, eq, gt, inArray, or, sql } from 'drizzle-orm';
import { connections, fills, orders } from '@/db/schema';
import { phaseOf, UNCLOSED } from '@/domain/order/status';
import { type AccountRecord, accountRecords } from '../../accounts/account-record';
import type { OrderRow } from '../order-record';
import type { VenueOrder } from '@/server/brokers/ports';
import { applyVenueOrder, venueChange } from './apply-venue-order';
import { postMissingFills } from './post-missing-fills';
import type { SendContext } from './send-order';

/** So many orders are compared before others of this process have their turn. */
const AT_ONCE = 20;
const LOOK_BACK_MS = 5 * 60_000;
/** An execution that its venue has not recorded after this long is not looked for any more. */
const FILLS_LATE_MS = 10 * 60_000;

/** So many orders are asked for one by one; more of them by a list. */
const FEW = 10;

/**
 * Compares an account with its venue and takes in what the venue says: what stands open, the last word on what the desk
 * holds open and the venue does not, executions, and, unless `kind` is `open`, all orders since `since` (epoch ms): also
 * what somebody entered elsewhere and is over by now. On an account that trades much that is thousands each time.
 */
export async function reconcileAccount(
  ctx: SendContext,
  account: AccountRecord,
  since: number | null,
  kind: 'whole' | 'open' = 'whole',
): Promise<void> {
  const unsettled = await unsettledOrders(ctx, account);
  const short = unsettled.filter(({ isShort }) => isShort === 1);
  // `since` is this desk's time, and may lie after what the venue has to say: what misses executions tells better.
  const from = ctx.clock.iso(
    earliest(since ?? ctx.clock.now(), since === null ? unsettled : short) - LOOK_BACK_MS,
  );
  const { execution } = ctx.sessions.of(account);
  const open = await execution.listOpenOrders();
  // One that is closed here only misses executions, which are posted below; it is in no list of what is open.
  const unclosed = unsettled.filter(({ status }) => phaseOf(status) !== 'closed');
  const isWhole = kind === 'whole' || missingIn(open, unclosed).length > FEW;
  // What was told later is the newer word on what is in both.
  const both = isWhole ? [...open, ...(await execution.listOrders(from))] : open;
  const venues = [...new Map(both.map((venue) => [venue.venueOrderId, venue])).values()];
  // Most of what stands open stands as it did, which its row among the unsettled tells without another look.
  const rows = new Map(unsettled.map((row) => [row.clientOrderId, row]));
  const isOld = (venue: VenueOrder): boolean => {
    const row = rows.get(venue.clientOrderId);
    return row !== undefined && venue.legs.length === 0 && venueChange(row, venue, null, null) === null;
  };
  for (const [at, venue] of venues.filter((each) => !isOld(each)).entries()) {
    await applyVenueOrder(ctx, account, venue);
    if (at % AT_ONCE === AT_ONCE - 1) await breath();
  }
  for (const row of missingIn(venues, isWhole ? unsettled : unclosed)) {
    const venue = await execution.findByClientOrderId(row.clientOrderId);
    if (venue !== null) await applyVenueOrder(ctx, account, venue);
  }
  await postMissingFills(ctx, account, from);
}

/** Which of these rows the venue did not speak of, though it has them. */
function missingIn<Row extends Pick<OrderRow, 'clientOrderId' | 'venueOrderId'>>(
  venues: readonly VenueOrder[],
  rows: readonly Row[],
): Row[] {
  const told = new Set([...venues, ...venues.flatMap(({ legs }) => legs)].map((one) => one.clientOrderId));
  return rows.filter((row) => row.venueOrderId !== null && !told.has(row.clientOrderId));
}

const posted = sql`coalesce((select sum(cast(${fills.qty} as real)) from ${fills} where ${fills.orderId} = ${orders.id}), 0)`;
/** A multi-leg order has no executions of its own: its legs have them. */
const isPackage = sql`(${orders.orderClass} = 'mleg' and ${orders.symbol} = '')`;
const isShortOfFills = sql`(not ${isPackage} and abs(cast(${orders.filledQty} as real) - ${posted}) > 0.0000001)`;

/** When the first of these orders was made, by this desk's clock or by the venue's, whichever is behind. */
function earliest(now: number, rows: readonly Pick<OrderRow, 'createdAt' | 'submittedAt'>[]): number {
  const times = rows.flatMap(({ createdAt, submittedAt }) => [createdAt, submittedAt ?? createdAt]);
  return Math.min(now, ...times.map((at) => Date.parse(at)));
}

/** Orders of which the venue may have more to say; `isShort` (0 or 1) where executions are missing. */
function unsettledOrders(ctx: SendContext, account: AccountRecord) {
  const recently = gt(orders.updatedAt, ctx.clock.iso(ctx.clock.now() - FILLS_LATE_MS));
  const needsLook = or(inArray(orders.status, UNCLOSED), and(recently, isShortOfFills));
  return ctx.database.db
    .select({
      clientOrderId: orders.clientOrderId,
      createdAt: orders.createdAt,
      status: orders.status,
      reasonCode: orders.reasonCode,
      venueOrderId: orders.venueOrderId,
      parentId: orders.parentId,
      type: orders.type,
      qty: orders.qty,
      limitPrice: orders.limitPrice,
      stopPrice: orders.stopPrice,
      filledQty: orders.filledQty,
      submittedAt: orders.submittedAt,
      isShort: sql<number>`${isShortOfFills}`,
    })
    .from(orders)
    .where(and(eq(orders.accountId, account.id), needsLook));
}

/** Whether the venue may still have something to say about what is in the account's books. */
export async function isUnsettled(ctx: SendContext, account: AccountRecord): Promise<boolean> {
  return (await unsettledOrders(ctx, account).limit(1)).length > 0;
}

/** Accounts with something unsettled, or whose executions were not all posted when the desk stopped. */
export async function unsettledAccounts(ctx: Pick<SendContext, 'database'>): Promise<AccountRecord[]> {
  const ids = ctx.database.db
    .selectDistinct({ id: orders.accountId })
    .from(orders)
    .where(or(inArray(orders.status, UNCLOSED), isShortOfFills));
  return accountRecords(ctx.database.db, inArray(connections.id, ids));
}
