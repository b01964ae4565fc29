import { and, eq, isNull, ne } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { Db } from '@/db/client';
import { alerts, connections, holdings, orders } from '@/db/schema';
import { exact } from '@/domain/money';
import type { OrderEvent } from '@/domain/order/event';
import type { Order } from '@/domain/order/order';
import { type UnprotectedAlert, unprotectedAlert } from '@/domain/protection/alert';
import type { Unprotected } from '@/domain/protection/unprotected';
import { newId } from '@/server/platform/ids';
import { patiently } from '@/server/platform/patience';
import { accountRecords } from '../accounts/account-record';
import { sealed } from '@/db/audit/digests';
import { getOrderRow, insertEvent, orderRow, sealStatement, toEvent, toOrder } from '../orders/order-record';
import type { EventDraft } from '../orders/order-record';
import { applyVenueOrder } from '../orders/venue/apply-venue-order';
import type { SendContext } from '../orders/venue/send-order';
import { findUnprotected, heldIn, inGroups, type Place } from './find-unprotected';

export type ProtectionWatch = {
  /** Looks at every position that an order with exits opened, and from then on at what is heard of. */
  start(): Promise<void>;
  stop(): void;
};

const TICK_MS = 250;
/** The venue's own words come one by one: a stop is lost when it still is after so long. */
const CONFIRM_MS = 1_500;
/** So long the venue may take to say once more what it knows, before the alert is raised without it. */
const ASK_MS = 1_500;
const AGAIN_MS = 5_000;
const FAILED_MS = 1_000;

type Watched = Place & { dueAt: number; suspectedAt: Map<string, number>; busy: boolean };

/**
 * Raises an alert when a position has lost the stop that its order asked for, at most five seconds after the desk
 * heard of it, and clears it when the position is closed or protected. It only tells: what to do is its owner's.
 */
export function createProtectionWatch(ctx: SendContext): ProtectionWatch {
  const watched = new Map<string, Watched>();
  /** Where orders with exits were seen: nowhere else can a stop be missed. */
  const guarded = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const keyOf = ({ accountId, symbol }: Place) => `${accountId} ${symbol}`;

  function stir({ accountId, symbol }: Place, dueAt: number): void {
    const key = keyOf({ accountId, symbol });
    const known = watched.get(key) ?? { accountId, symbol, dueAt, suspectedAt: new Map(), busy: false };
    known.dueAt = Math.min(known.dueAt, dueAt);
    watched.set(key, known);
  }

  ctx.orderBus.listen(({ order }: { order: Order }) => {
    if (order.symbol === '') return;
    const hasExits = order.orderClass !== 'simple' && order.orderClass !== 'mleg';
    if (hasExits) guarded.add(keyOf(order));
    if (guarded.has(keyOf(order))) stir(order, ctx.clock.now() + TICK_MS);
  });

  /** Raises, keeps and clears; answers when to look again, or null when there is nothing to watch. */
  async function look(place: Watched): Promise<number | null> {
    const open = await openAlerts(ctx, place);
    let found = await findUnprotected(ctx, place);
    const now = ctx.clock.now();
    const isOpen = ({ orderId }: { orderId: string }) => open.some((alert) => alert.orderId === orderId);
    const fresh = found.filter((each) => !isOpen(each));
    for (const id of place.suspectedAt.keys())
      if (!fresh.some(({ orderId }) => orderId === id)) place.suspectedAt.delete(id);
    for (const { orderId } of fresh) if (!place.suspectedAt.has(orderId)) place.suspectedAt.set(orderId, now);
    const ripe = fresh.filter(({ orderId }) => now - (place.suspectedAt.get(orderId) ?? now) >= CONFIRM_MS);
    if (ripe.length > 0) {
      // A venue that cannot be asked keeps nobody from being told.
      for (const { orderId } of ripe) await patiently(askAgain(ctx, orderId), ASK_MS, null).catch(() => null);
      found = await findUnprotected(ctx, place);
      for (const { orderId } of ripe) {
        const lost = found.find((each) => each.orderId === orderId);
        if (lost !== undefined) await raise(ctx, place, lost);
        place.suspectedAt.delete(orderId);
      }
    }
    for (const alert of open)
      await keep(
        ctx,
        alert,
        found.find(({ orderId }) => orderId === alert.orderId),
      );
    if (place.suspectedAt.size > 0) return TICK_MS;
    return found.length > 0 ? AGAIN_MS : null;
  }

  async function attend(place: Watched): Promise<void> {
    place.busy = true;
    const { dueAt } = place;
    place.dueAt = Number.POSITIVE_INFINITY;
    try {
      const again = await look(place);
      if (again !== null) stir(place, ctx.clock.now() + again);
      // What stirred meanwhile has set a time of its own.
      else if (place.dueAt === Number.POSITIVE_INFINITY) watched.delete(keyOf(place));
    } catch (error) {
      stir(place, Math.max(dueAt, ctx.clock.now()) + FAILED_MS);
      throw error;
    } finally {
      place.busy = false;
    }
  }

  function tick(): void {
    const now = ctx.clock.now();
    for (const place of watched.values()) {
      if (place.busy || place.dueAt > now) continue;
      attend(place).catch((error: unknown) =>
        ctx.log.error(
          { err: error, accountId: place.accountId },
          'a position was not looked at for its stop',
        ),
      );
    }
  }

  return {
    async start() {
      for (const place of await guardedPositions(ctx)) {
        guarded.add(keyOf(place));
        stir(place, ctx.clock.now());
      }
      timer = setInterval(tick, TICK_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Positions in whose symbols there were orders with exits, and where alerts are open. */
async function guardedPositions({ database: { db } }: SendContext): Promise<Place[]> {
  const held = await db
    .selectDistinct({ accountId: orders.accountId, symbol: orders.symbol })
    .from(orders)
    .leftJoin(holdings, and(eq(holdings.accountId, orders.accountId), eq(holdings.symbol, orders.symbol)))
    .where(and(inGroups, ne(holdings.qty, '0')));
  const open = await db
    .select({ accountId: alerts.accountId, symbol: alerts.symbol })
    .from(alerts)
    .where(and(eq(alerts.kind, 'unprotected_position'), isNull(alerts.clearedAt)));
  return [
    ...held,
    ...open.flatMap(({ accountId, symbol }) => (symbol === null ? [] : [{ accountId, symbol }])),
  ];
}

async function openAlerts(
  { database: { db } }: SendContext,
  { accountId, symbol }: Place,
): Promise<UnprotectedAlert[]> {
  const rows = await db
    .select()
    .from(alerts)
    .where(and(eq(alerts.accountId, accountId), eq(alerts.symbol, symbol), isNull(alerts.clearedAt)));
  return rows.map((row) => unprotectedAlert.parse(row));
}

/** The venue may know of exits that its stream did not bring. */
async function askAgain(ctx: SendContext, orderId: string): Promise<void> {
  const row = await getOrderRow(ctx, orderId);
  const [account] = await accountRecords(ctx.database.db, eq(connections.id, row.accountId));
  if (account === undefined) return;
  const venue = await ctx.sessions.of(account).execution.findByClientOrderId(row.clientOrderId);
  if (venue !== null) await applyVenueOrder(ctx, account, venue);
}

async function raise(ctx: SendContext, place: Place, lost: Unprotected): Promise<void> {
  const row = await getOrderRow(ctx, lost.orderId);
  const now = ctx.clock.now();
  const at = ctx.clock.iso(now);
  const alert = {
    kind: 'unprotected_position' as const,
    id: newId('alert', now),
    userId: row.userId,
    accountId: place.accountId,
    symbol: place.symbol,
    ...lost,
    stopPrice: row.stopLoss?.stopPrice ?? null,
    raisedAt: at,
    clearedAt: null,
    outcome: null,
  };
  const message = `${lost.qty} shares have no stop: ${WHY[lost.reason]}${lost.message === null ? '' : ` (${lost.message})`}`;
  const isNew = await ctx.database.write(async (db) => {
    const open = and(eq(alerts.orderId, row.id), isNull(alerts.clearedAt));
    if ((await db.$count(alerts, open)) > 0) return null;
    return tellStory(db, row.id, tell('unprotected', message, at), db.insert(alerts).values(alert));
  });
  if (isNew === null) return;
  const { accountId, symbol } = place;
  ctx.log.warn({ alertId: alert.id, accountId, symbol, ...lost }, 'a position has lost its stop');
  ctx.orderBus.publish(row.userId, { order: toOrder(row), event: isNew });
}

const WHY: Record<Unprotected['reason'], string> = {
  rejected: 'the venue rejected it',
  canceled: 'it was cancelled, and not by you',
  expired: 'it has expired',
  missing: 'the venue names none',
};

/** Brings an open alert up to date, or clears it. */
async function keep(ctx: SendContext, alert: UnprotectedAlert, lost: Unprotected | undefined): Promise<void> {
  if (lost !== undefined) {
    if (exact(lost.qty).eq(alert.qty)) return;
    await ctx.database.write((db) => db.update(alerts).set({ qty: lost.qty }).where(eq(alerts.id, alert.id)));
    return;
  }
  const held = exact(await heldIn(ctx, alert));
  const isClosed = alert.side === 'sell' ? held.lte(0) : held.gte(0);
  const outcome = isClosed ? 'closed' : 'protected';
  const row = await getOrderRow(ctx, alert.orderId);
  const clearedAt = ctx.clock.iso();
  const message = isClosed ? 'the position is closed' : 'its shares have a stop again, or were closed';
  const told = tell('protection_settled', message, clearedAt);
  const event = await ctx.database.write((db) =>
    tellStory(db, row.id, told, db.update(alerts).set({ clearedAt, outcome }).where(eq(alerts.id, alert.id))),
  );
  ctx.log.info({ alertId: alert.id, outcome }, 'a position without its stop is settled');
  ctx.orderBus.publish(row.userId, { order: toOrder(row), event });
}

type Told = Omit<EventDraft, 'status'>;
const tell = (type: 'unprotected' | 'protection_settled', message: string, at: string): Told => ({
  type,
  message,
  at,
});

/** Commits an event of an order, which stays as it is, together with what it tells of. */
async function tellStory(db: Db, orderId: string, told: Told, of: BatchItem<'sqlite'>): Promise<OrderEvent> {
  const row = await orderRow(db, orderId);
  const draft: EventDraft = { ...told, status: row.status };
  const order = sealed(row, draft);
  const [inserted] = await db.batch([insertEvent(db, order, draft), sealStatement(db, order), of]);
  return toEvent(inserted[0]?.seq ?? 0, order, draft);
}
