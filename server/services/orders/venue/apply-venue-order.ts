import { exact, plain } from '@/domain/money';
import type { Fill, Order } from '@/domain/order/order';
import { isLeg, type OrderLeg, orderType, timeInForce } from '@/domain/order/order';
import { isClosed } from '@/domain/order/status';
import { nextStatus } from '@/domain/order/transition';
import type { VenueFill, VenueOrder } from '@/server/brokers/ports';
import type { AccountRecord } from '../../accounts/account-record';
import type { ServiceContext } from '../../context';
import { type ChangeContext, changeOrder, newFill, type OrderChange } from '../change-order';
import { newOrder } from '../new-order';
import { sealed } from '@/db/audit/digests';
import {
  type EventDraft,
  insertEvent,
  insertOrder,
  orderOfClientId,
  type OrderRow,
  toOrder,
} from '../order-record';
import { noteExcess } from '../replacing/note-excess';
import { differingTerms } from './terms';

/** The reason of an order that a person closed; the venue may know better. */
export const DISMISSED = 'dismissed';

type Ctx = ChangeContext & Pick<ServiceContext, 'followUp'>;

/**
 * Takes the venue's word about an order into the books, from a stream event, an answer or a look-up;
 * saying it twice changes nothing. An order the desk never sent is taken in as external.
 * @param fills executions that came with it, of the order or of its legs
 */
export async function applyVenueOrder(
  ctx: Ctx,
  account: AccountRecord,
  venue: VenueOrder,
  fills: readonly VenueFill[] = [],
  parentId: string | null = null,
): Promise<Order | null> {
  const fill = ownFill(venue, fills);
  const known =
    (await orderOfClientId(ctx.database.db, account.id, venue.clientOrderId)) ??
    (await importOrder(ctx, account, venue, parentId));
  if (known === null) return null;
  if (fill === null && venueChange(known, venue, null, parentId) === null && venue.legs.length === 0) {
    return toOrder(known);
  }
  let isOurs = true;
  let before = known.filledQty;
  const order = await changeOrder(ctx, known.id, (row, posted) => {
    before = row.filledQty;
    const differing = row.venueOrderId === null ? differingTerms(row, venue) : [];
    isOurs = differing.length === 0;
    if (!isOurs) return incident(ctx, row, venue, differing);
    // An execution may come after a later one: what is filled is the most that was ever said.
    const filled = exact(venue.filledQty).gt(row.filledQty) ? venue.filledQty : row.filledQty;
    return venueChange(row, venue, newFill(fill, posted, filled), parentId);
  });
  if (!isOurs) return order;
  await noteExcess(ctx, order, before);
  // It was to be cancelled if it turned up.
  if (known.reasonCode === DISMISSED && !isClosed(order.status)) ctx.followUp(account, order.id);
  for (const leg of venue.legs) await applyVenueOrder(ctx, account, leg, fills, known.id);
  return order;
}

function ownFill({ venueOrderId: own }: VenueOrder, fills: readonly VenueFill[]): Fill | null {
  const found = fills.find(({ venueOrderId }) => venueOrderId === own);
  if (found === undefined) return null;
  const { venueOrderId: _own, ...fill } = found;
  return fill;
}

/** The venue has an order under our id that is not what we sent: a person must look, nothing is adopted. */
function incident(ctx: Ctx, row: OrderRow, venue: VenueOrder, differing: string[]): OrderChange | null {
  if (isClosed(row.status) || row.reasonCode === 'terms_differ') return null;
  const message = `The venue holds an order under this id with another ${differing.join(', ')}. The desk does not take it for this one; look at the venue.`;
  ctx.log.error({ orderId: row.id, venueOrderId: venue.venueOrderId, differing }, 'an order needs review');
  return {
    set: { status: 'needs_review', reasonCode: 'terms_differ', reasonMessage: message },
    event: { type: 'doubted', message },
  };
}

/** What of a row tells whether the venue's word is news. */
type Standing = Pick<
  OrderRow,
  | 'status'
  | 'reasonCode'
  | 'venueOrderId'
  | 'parentId'
  | 'type'
  | 'qty'
  | 'limitPrice'
  | 'stopPrice'
  | 'filledQty'
  | 'submittedAt'
>;

/** What the venue's word changes in a row; null when the row already says so. */
export function venueChange(
  row: Standing,
  venue: VenueOrder,
  fill: Fill | null,
  parentId: string | null,
): OrderChange | null {
  const isDismissed = row.reasonCode === DISMISSED;
  const status = nextStatus(isDismissed ? 'needs_review' : row.status, venue.status);
  const more = exact(venue.filledQty).gt(row.filledQty);
  const acknowledges = row.venueOrderId === null;
  // An exit's own event may come before its order's answer says whose exit it is.
  const isLinked = parentId === null || row.parentId === parentId;
  const restated = acknowledges ? [] : restatedTerms(row, venue);
  const isNews = status !== row.status || more || acknowledges || fill !== null || restated.length > 0;
  if (!isNews && isLinked) return null;
  return {
    set: {
      status,
      venueOrderId: venue.venueOrderId,
      qty: venue.qty ?? row.qty,
      limitPrice: venue.limitPrice ?? row.limitPrice,
      stopPrice: venue.stopPrice ?? row.stopPrice,
      parentId: parentId ?? row.parentId,
      submittedAt: row.submittedAt ?? venue.submittedAt,
      // What was said about it while it was in doubt is over.
      ...(acknowledges && (isDismissed || !isClosed(row.status))
        ? { reasonCode: null, reasonMessage: null, closedAt: null }
        : {}),
      ...(more ? { filledQty: venue.filledQty, filledAvgPrice: venue.filledAvgPrice } : {}),
      ...(status === venue.status && venue.closedAt !== null ? { closedAt: venue.closedAt } : {}),
    },
    event: {
      type: fill !== null ? 'filled' : acknowledges ? 'acknowledged' : 'status_changed',
      ...(restated.length > 0 ? { message: `the venue changed its ${restated.join(' and ')}` } : {}),
    },
    fill,
  };
}

const RESTATED = [
  ['qty', 'quantity'],
  ['limitPrice', 'limit'],
  ['stopPrice', 'stop'],
] as const;

/** What the venue changed in a working order by itself, as it does after a split. A trailing stop moves all the time. */
function restatedTerms(row: Standing, venue: VenueOrder): string[] {
  if (isClosed(row.status) || row.type === 'trailing_stop') return [];
  return RESTATED.flatMap(([name, word]) => {
    const [ours, theirs] = [row[name], venue[name]];
    return ours === null || theirs === null || exact(ours).eq(theirs) ? [] : [word];
  });
}

/** Null when the order is of a kind the desk does not hold. A leg comes in with its order, never alone. */
async function importOrder(
  ctx: Ctx,
  account: AccountRecord,
  venue: VenueOrder,
  parentId: string | null,
): Promise<OrderRow | null> {
  if (isLeg(venue) && parentId === null) return null;
  const type = orderType.safeParse(venue.type);
  const force = timeInForce.safeParse(venue.timeInForce);
  const legs = legTerms(venue);
  if (!type.success || !force.success || (venue.symbol === '' && legs === null)) {
    ctx.log.warn(
      { venueOrderId: venue.venueOrderId, type: venue.type },
      'an external order of a kind the desk does not hold',
    );
    return null;
  }
  const row = newOrder(ctx.clock, account, {
    clientOrderId: venue.clientOrderId,
    symbol: venue.symbol,
    side: venue.side,
    positionIntent: venue.positionIntent,
    legs,
    type: type.data,
    timeInForce: force.data,
    qty: venue.qty,
    notional: venue.notional,
    limitPrice: venue.limitPrice,
    stopPrice: venue.stopPrice,
    trailPrice: venue.trailPrice,
    trailPercent: venue.trailPercent,
    extendedHours: venue.extendedHours,
    orderClass: venue.orderClass,
    parentId,
    status: 'pending_new',
    requestHash: 'external',
    ...(venue.submittedAt === null ? {} : { createdAt: venue.submittedAt, submittedAt: venue.submittedAt }),
  });
  const partOf = isLeg(venue) ? 'a leg of its order' : 'an exit that came with its order';
  const message = parentId === null ? 'placed outside this desk' : partOf;
  return ctx.database.write(async (db) => {
    const raced = await orderOfClientId(db, account.id, venue.clientOrderId);
    if (raced !== undefined) return raced;
    const draft: EventDraft = { type: 'received', status: row.status, message, at: row.updatedAt };
    const imported = sealed(row, draft);
    await db.batch([insertOrder(db, imported), insertEvent(db, imported, draft)]);
    return imported;
  });
}

/** The legs of a multi-leg order as its owner must have asked for them; null for any other. */
function legTerms({ orderClass, symbol, qty, legs }: VenueOrder): OrderLeg[] | null {
  if (orderClass !== 'mleg' || symbol !== '' || qty === null) return null;
  const terms = legs.flatMap(({ positionIntent, ...leg }): OrderLeg[] => {
    if (positionIntent === null || leg.qty === null) return [];
    const ratioQty = plain(exact(leg.qty).div(qty));
    return [{ symbol: leg.symbol, side: leg.side, ratioQty, positionIntent }];
  });
  return terms.length > 0 && terms.length === legs.length ? terms : null;
}
