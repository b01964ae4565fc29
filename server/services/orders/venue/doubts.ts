import { and, eq, inArray, isNull, notInArray, sql } from 'drizzle-orm';
import { prepared } from '@/db/prepared';
import { connections, orderEvents, orders, workers } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import { isClosed, ORDER_STATUSES } from '@/domain/order/status';
import type { VenueOrder } from '@/server/brokers/ports';
import { type AccountRecord, accountRecords, leavesByDeskAlone } from '../../accounts/account-record';
import { changeOrder } from '../change-order';
import { getOrderRow, type OrderRow } from '../order-record';
import { applyVenueOrder } from './apply-venue-order';
import { askToCancel, isUnwanted } from './ask-to-cancel';
import { isUnsent } from '../leases/leases';
import { isElsewhere } from '../sending/claim-order';
import { type SendContext, whenLetIn } from './send-order';
import { sendUnsent } from './send-unsent';
import { senderOf } from './sender-of';
import { settleOrder } from './settle-order';
import { timeToLive } from './terms';

/** When an order in doubt is looked up, counted from when the doubt was seen; then every minute for a day. */
const LOOKS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;
const LATER_LOOKS_MS = 60_000;
const WATCHED_MS = 24 * 60 * 60_000;
/** A sender of this process is done or has said `unknown` by then; one of an earlier process is gone. */
const SENDER_LOST_MS = 10_000;
const AT_ONCE = 8;

type Doubt = { account: AccountRecord; orderId: string; since: number; looks: number; busy: boolean };

/** Finds out what became of orders and cancels whose sending had no readable answer. */
export type Doubts = {
  /** Follows up an order of which something was asked without an answer. */
  follow(account: AccountRecord, orderId: string): void;
  /** Looks up every order that is in doubt now, once, and sends nothing. Throws when the venue does not answer. */
  lookUpAll(account: AccountRecord): Promise<void>;
  /** Starts what is due; what hangs holds up nothing else. */
  tick(): Promise<void>;
};

const IN_DOUBT = ['submitting', 'unknown', 'needs_review'] as const;
const CLOSED = ORDER_STATUSES.filter(isClosed);

/** What tells whether an order without an id at its venue is in doubt; a burst of orders must not cost more here. */
const inFlight = prepared((db) =>
  db
    .select({
      id: orders.id,
      status: orders.status,
      createdAt: orders.createdAt,
      mayBeSent: orders.mayBeSent,
      leaseHolder: orders.leaseHolder,
      /** Its holder, where that is a process that lives. */
      livesOn: sql<
        string | null
      >`(select ${workers.id} from ${workers} where ${workers.id} = ${orders.leaseHolder})`,
    })
    .from(orders)
    .where(
      and(
        isNull(orders.venueOrderId),
        inArray(orders.status, [...IN_DOUBT]),
        sql`(${sql.placeholder('accountId')} is null or ${orders.accountId} = ${sql.placeholder('accountId')})`,
      ),
    )
    .orderBy(orders.id)
    .prepare(),
);
type InFlight = Awaited<ReturnType<ReturnType<typeof inFlight>['all']>>[number];

export function offsetOfLook(looks: number): number {
  return LOOKS_MS[looks] ?? 30_000 + (looks - LOOKS_MS.length + 1) * LATER_LOOKS_MS;
}

export function createDoubts(ctx: SendContext): Doubts {
  const bootedAt = ctx.clock.iso();
  const doubts = new Map<string, Doubt>();

  /** Its broker refuses its keys: what is in doubt stays so until it can be asked. */
  const isPaused = ({ id }: AccountRecord) => ctx.keys.since(id) !== null;

  function follow(account: AccountRecord, orderId: string): void {
    if (doubts.has(orderId)) return;
    doubts.set(orderId, { account, orderId, since: ctx.clock.now(), looks: 0, busy: false });
  }

  /** Orders without a readable answer, and those whose sender died. */
  async function inDoubt(accountId?: string): Promise<{ row: OrderRow; account: AccountRecord }[]> {
    const now = ctx.clock.now();
    const standing = await inFlight(ctx.database.db).all({ accountId: accountId ?? null });
    const lost = standing.filter((order) => {
      const age = now - Date.parse(order.createdAt);
      if (age > WATCHED_MS && !isUnsent(order)) return false;
      if (order.status !== 'submitting') return true;
      return isLost(order, age) && !ctx.lanes.has(order.id);
    });
    if (lost.length === 0) return [];
    const { db } = ctx.database;
    const ids = lost.map(({ id }) => id);
    const rows = await db.select().from(orders).where(inArray(orders.id, ids)).orderBy(orders.id);
    const owners = [...new Set(rows.map((row) => row.accountId))];
    const accounts = await accountRecords(db, inArray(connections.id, owners));
    return rows.flatMap((row) => {
      const account = accounts.find(({ id }) => id === row.accountId);
      return account === undefined ? [] : [{ row, account }];
    });
  }

  /** Whether nobody sends an order any more that is about to be sent by its row. */
  function isLost({ leaseHolder, createdAt, livesOn }: InFlight, age: number): boolean {
    if (leaseHolder === ctx.workers.id) return age > SENDER_LOST_MS;
    if (leaseHolder !== null || ctx.dispatch !== null) return livesOn === null;
    return createdAt < bootedAt || age > SENDER_LOST_MS;
  }

  async function lookUpAll(account: AccountRecord): Promise<void> {
    for (const { row } of await inDoubt(account.id)) {
      if (isUnsent(row)) continue;
      await markUnknown(ctx, row);
      const venue = await lookUp(account, row);
      if (venue !== null) await applyVenueOrder(ctx, account, venue);
    }
    for (const id of await unansweredCancels(ctx, account)) follow(account, id);
  }

  const lookUp = (account: AccountRecord, row: OrderRow): Promise<VenueOrder | null> =>
    ctx.sessions.of(account).execution.findByClientOrderId(row.clientOrderId);

  /** One step towards the truth; answers whether there is none left to take. */
  async function step({ account, orderId }: Doubt): Promise<boolean> {
    let row = await getOrderRow(ctx, orderId);
    if (isClosed(row.status)) return true;
    if (row.venueOrderId === null) {
      if (ctx.lanes.has(row.id) || isUnsent(row) || (await isElsewhere(ctx, row.id))) return false;
      await markUnknown(ctx, row);
      const venue = await lookUp(account, row);
      if (venue === null) {
        await whileMissing(account, row);
        return false;
      }
      await applyVenueOrder(ctx, account, venue);
      row = await getOrderRow(ctx, orderId);
      if (row.venueOrderId === null) {
        if (await isUnwanted(ctx, row.id)) await cancelStranger(account, venue);
        return false;
      }
    }
    if (!(await isUnwanted(ctx, row.id)) || isClosed(row.status)) return true;
    const outcome = await askToCancel(ctx, account, row);
    return outcome.kind !== 'doubted';
  }

  /** An order under our id with other terms is never adopted; its owner may still want it gone. */
  async function cancelStranger(account: AccountRecord, venue: VenueOrder): Promise<void> {
    if (isClosed(venue.status)) return;
    const { execution } = ctx.sessions.of(account);
    await ctx.lanes.cancel(account.id, () => execution.cancel(venue.venueOrderId));
  }

  async function whileMissing(account: AccountRecord, row: OrderRow): Promise<void> {
    const isYoung = ctx.clock.now() - Date.parse(row.createdAt) < timeToLive(row);
    if (!isYoung) return review(ctx, row);
    // Sent again it might be a second order there: such a venue has to find it, or a person.
    if (!ctx.sessions.of(account).execution.takesAnIdOnce) return;
    // What its owner wants gone is not sent again.
    if (ctx.lanes.isHeld(account.id) || (await isUnwanted(ctx, row.id))) return;
    await ctx.lanes.send(account.id, row.id, async () => {
      const current = await getOrderRow(ctx, row.id);
      const age = ctx.clock.now() - Date.parse(row.createdAt);
      if (current.venueOrderId !== null || current.status !== 'unknown' || age >= timeToLive(row)) return;
      const again = await senderOf(ctx, account, current);
      const lease = again === null ? null : await ctx.leases.take(current);
      if (again === null || lease === null) return;
      const outcome = await whenLetIn(ctx, current, async () =>
        (await ctx.leases.look(lease))?.isUnwanted === false ? again() : { kind: 'lost' },
      );
      ctx.log.warn(
        { orderId: row.id, outcome: outcome.kind },
        'an order in doubt was sent again under its id',
      );
      // A no to the second sending does not prove that the first was not taken.
      if (outcome.kind === 'acknowledged') await settleOrder({ ...ctx, lease }, account, current, outcome);
    });
  }

  async function attend(doubt: Doubt): Promise<void> {
    doubt.busy = true;
    try {
      if (await step(doubt)) doubts.delete(doubt.orderId);
    } catch (error) {
      // No answer to a look-up says nothing about the order.
      const why = error instanceof DeskError ? { reason: error.code } : { err: error };
      ctx.log.warn({ orderId: doubt.orderId, ...why }, 'an order in doubt could not be looked up');
    } finally {
      doubt.looks += 1;
      doubt.busy = false;
    }
  }

  return {
    follow,
    lookUpAll,
    async tick() {
      for (const { row, account } of await inDoubt()) {
        if (isPaused(account)) continue;
        if (!isUnsent(row)) follow(account, row.id);
        // Where several processes send, each looks by itself for what is unsent, of what leaves by the desk alone none but this one.
        else if ((ctx.dispatch === null || leavesByDeskAlone(account)) && !ctx.lanes.isHeld(account.id))
          await sendUnsent(ctx, account, row);
      }
      const now = ctx.clock.now();
      const open = [...doubts.values()];
      const busy = open.filter((doubt) => doubt.busy).length;
      const due = open.filter(
        (doubt) => !doubt.busy && !isPaused(doubt.account) && now >= doubt.since + offsetOfLook(doubt.looks),
      );
      for (const doubt of due.slice(0, Math.max(0, AT_ONCE - busy))) void attend(doubt);
    },
  };
}

async function markUnknown(ctx: SendContext, row: OrderRow): Promise<void> {
  if (row.status !== 'submitting') return;
  await changeOrder(ctx, row.id, (current) =>
    current.status === 'submitting'
      ? {
          set: { status: 'unknown' },
          event: { type: 'doubted', message: 'the desk stopped while sending it' },
        }
      : null,
  );
}

async function review(ctx: SendContext, row: OrderRow): Promise<void> {
  const message = `The venue had no answer when it was sent and does not know it so far. The desk goes on asking for a day; cancelling it cancels it at the venue should it turn up.`;
  await changeOrder(ctx, row.id, (current) => {
    if (current.venueOrderId !== null || current.status !== 'unknown') return null;
    ctx.log.error({ orderId: row.id }, 'an order needs review: the venue does not know it');
    return {
      set: { status: 'needs_review', reasonCode: 'not_found_at_venue', reasonMessage: message },
      event: { type: 'doubted', message: 'the venue does not know it so far' },
    };
  });
}

async function unansweredCancels(ctx: SendContext, account: AccountRecord): Promise<string[]> {
  const asked = await ctx.database.db
    .selectDistinct({ id: orders.id })
    .from(orders)
    .innerJoin(orderEvents, eq(orderEvents.orderId, orders.id))
    .where(
      and(
        eq(orders.accountId, account.id),
        notInArray(orders.status, CLOSED),
        eq(orderEvents.type, 'cancel_requested'),
      ),
    );
  return asked.map(({ id }) => id);
}
