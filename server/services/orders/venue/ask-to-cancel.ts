import { and, eq, inArray } from 'drizzle-orm';
import { orderEvents, orders } from '@/db/schema';
import { isClosed } from '@/domain/order/status';
import type { CancelOutcome } from '@/server/brokers/ports';
import type { AccountRecord } from '../../accounts/account-record';
import { changeOrder } from '../change-order';
import { sealed } from '@/db/audit/digests';
import {
  type EventDraft,
  insertEvent,
  type OrderRow,
  sealStatement,
  toEvent,
  toOrder,
} from '../order-record';
import { applyVenueOrder } from './apply-venue-order';
import type { SendContext } from './send-order';

/** Asks the venue to cancel an order that it knows, and takes in what follows from the answer. */
export async function askToCancel(
  ctx: SendContext,
  account: AccountRecord,
  row: Pick<OrderRow, 'id' | 'clientOrderId' | 'venueOrderId'>,
): Promise<CancelOutcome> {
  const { venueOrderId } = row;
  if (venueOrderId === null) throw new Error(`order ${row.id} has no id at the venue`);
  const { execution } = ctx.sessions.of(account);
  const outcome = await ctx.lanes.cancel(account.id, () => execution.cancel(venueOrderId));
  if (outcome.kind === 'refused') {
    // Mostly it has just ended: the venue's record says how, whether or not its stream does.
    const venue = await execution.findByClientOrderId(row.clientOrderId);
    if (venue !== null) await applyVenueOrder(ctx, account, venue);
    return outcome;
  }
  const message = outcome.kind === 'doubted' ? 'the venue did not answer; it is asked again' : null;
  try {
    await wantCancelled(ctx, row.id, message);
  } catch (error) {
    // The venue has been asked, which is what counts; a full disk must not keep anyone from cancelling.
    ctx.log.error({ err: error, orderId: row.id }, 'a cancel was sent and could not be written down');
  }
  return outcome;
}

/**
 * Writes down that the order's owner wants it gone; that outlives this process. Where the venue's word was faster it
 * still says whose wish it was: a stop that its owner cancelled is missed by nobody.
 */
export async function wantCancelled(ctx: SendContext, orderId: string, message: string | null) {
  const isKnown = await isUnwanted(ctx, orderId);
  return changeOrder(ctx, orderId, ({ status, venueOrderId }) => {
    if (isClosed(status) && status !== 'canceled') return null;
    if (isKnown && (isClosed(status) || status === 'pending_cancel')) return null;
    const next = venueOrderId === null || isClosed(status) ? status : 'pending_cancel';
    return { set: { status: next }, event: { type: 'cancel_requested', message } };
  });
}

/** The same for many orders that one request cancels, in one transaction; how each ends is told by the venue. */
export async function wantAllCancelled(ctx: SendContext, orderIds: readonly string[]): Promise<void> {
  const told = await ctx.database.write(async (db) => {
    const rows = await db.select().from(orders).where(inArray(orders.id, orderIds));
    const due = rows.filter(({ status }) => !isClosed(status) || status === 'canceled');
    const drafts = due.map((row) => {
      const draft: EventDraft = { type: 'cancel_requested', status: row.status, at: ctx.clock.iso() };
      return { row: sealed(row, draft), draft };
    });
    const [first, ...rest] = drafts.map(({ row, draft }) => insertEvent(db, row, draft));
    const seals = drafts.map(({ row }) => sealStatement(db, row));
    const results = first === undefined ? [] : await db.batch([first, ...rest, ...seals]);
    const inserted = results.map((result) => (Array.isArray(result) ? result : []));
    return drafts.map(({ row, draft }, at) => ({
      row,
      event: toEvent(inserted[at]?.[0]?.seq ?? 0, row, draft),
    }));
  });
  for (const { row, event } of told) ctx.orderBus.publish(row.userId, { order: toOrder(row), event });
}

/** Whether the order's owner asked for its end. */
export async function isUnwanted(ctx: Pick<SendContext, 'database'>, orderId: string): Promise<boolean> {
  const [asked] = await ctx.database.db
    .select({ seq: orderEvents.seq })
    .from(orderEvents)
    .where(and(eq(orderEvents.orderId, orderId), eq(orderEvents.type, 'cancel_requested')))
    .limit(1);
  return asked !== undefined;
}
