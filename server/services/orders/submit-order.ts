import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import type { SubmitOrderInput } from '@/domain/order/submit-order';
import type { SubmitOutcome } from '@/server/brokers/ports';
import { newId } from '@/server/platform/ids';
import { authorizeAccount, type AuthorizedAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { applyVenueOrder } from './apply-venue-order';
import { changeOrder } from './change-order';
import { type EventDraft, insertEvent, type OrderRow, toEvent, toOrder } from './order-record';

/**
 * Takes an order in, durably, and only then sends it. The answer is the order as the venue first spoke of
 * it; `unknown` means the venue's answer did not come, and the desk is asking. Errors: `invalid_input`,
 * `idempotency_mismatch`, `conflict` (a client order id used before), `order_rejected` with the venue's
 * code and words.
 */
export async function submitOrder(ctx: UserContext, input: SubmitOrderInput): Promise<Order> {
  const account = await authorizeAccount(ctx, input.accountId);
  await refuseUntradable(ctx, account, input.symbol);
  const { row, isNew } = await receive(ctx, account, input);
  if (!isNew) return answer(toOrder(row));
  ctx.watchOrders(account);
  const outcome = await ctx.sessions.of(account).execution.submit(row);
  return answer(await record(ctx, account, row, outcome));
}

async function refuseUntradable(ctx: UserContext, account: AuthorizedAccount, symbol: string): Promise<void> {
  const asset = await ctx.feedOf(account).assets.find(symbol);
  if (asset?.tradable === true) return;
  const message = asset === null ? `${symbol} is not listed` : `${symbol} cannot be traded now`;
  throw new DeskError('invalid_input', `${message}. Search by ticker or company name.`, {
    fields: [{ field: 'symbol', message }],
  });
}

/** What the caller asked for, without what only tells repeats apart. */
function hashOf(account: AuthorizedAccount, input: SubmitOrderInput): string {
  const { idempotencyKey: _key, accountId: _account, ...body } = input;
  const ordered = Object.entries({ ...body, accountId: account.id }).sort(([a], [b]) => a.localeCompare(b));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex');
}

/** Commits intent and first event in one transaction, or finds the order this key already made. */
function receive(
  ctx: UserContext,
  account: AuthorizedAccount,
  input: SubmitOrderInput,
): Promise<{ row: OrderRow; isNew: boolean }> {
  const requestHash = hashOf(account, input);
  return ctx.database.write(async (db) => {
    if (input.idempotencyKey !== undefined) {
      const same = and(eq(orders.userId, ctx.actor.userId), eq(orders.idempotencyKey, input.idempotencyKey));
      const [before] = await db.select().from(orders).where(same).limit(1);
      if (before !== undefined && before.requestHash !== requestHash) {
        throw new DeskError(
          'idempotency_mismatch',
          'This idempotency key already belongs to a different order. Use a new key for a new order.',
        );
      }
      if (before !== undefined) return { row: before, isNew: false };
    }
    const at = ctx.clock.iso();
    const id = newId('ord', ctx.clock.now());
    const row: OrderRow = {
      id,
      userId: ctx.actor.userId,
      accountId: account.id,
      clientOrderId: input.clientOrderId ?? id,
      venueOrderId: null,
      symbol: input.symbol,
      side: input.side,
      type: input.type,
      timeInForce: input.timeInForce,
      qty: input.qty ?? null,
      notional: input.notional ?? null,
      limitPrice: input.limitPrice ?? null,
      filledQty: '0',
      filledAvgPrice: null,
      status: 'submitting',
      reasonCode: null,
      reasonMessage: null,
      idempotencyKey: input.idempotencyKey ?? null,
      requestHash,
      createdAt: at,
      submittedAt: null,
      updatedAt: at,
      closedAt: null,
    };
    const sameId = and(eq(orders.accountId, account.id), eq(orders.clientOrderId, row.clientOrderId));
    if ((await db.select({ id: orders.id }).from(orders).where(sameId).limit(1)).length > 0) {
      throw new DeskError(
        'conflict',
        `The client order id ${row.clientOrderId} was used before in this account. Choose another one.`,
      );
    }
    const draft: EventDraft = { type: 'received', status: 'submitting', at };
    const [, inserted] = await db.batch([db.insert(orders).values(row), insertEvent(db, row, draft)]);
    ctx.orderBus.publish(row.userId, {
      order: toOrder(row),
      event: toEvent(inserted[0]?.seq ?? 0, row, draft),
    });
    return { row, isNew: true };
  });
}

async function record(
  ctx: UserContext,
  account: AuthorizedAccount,
  row: OrderRow,
  outcome: SubmitOutcome,
): Promise<Order> {
  if (outcome.kind === 'acknowledged')
    return (await applyVenueOrder(ctx, account, outcome.order, null)) ?? toOrder(row);
  if (outcome.kind === 'rejected') {
    return changeOrder(ctx, row.id, (current) =>
      current.venueOrderId === null
        ? {
            set: { status: 'rejected', reasonCode: outcome.code, reasonMessage: outcome.message },
            event: { type: 'status_changed', message: outcome.message },
          }
        : null,
    );
  }
  // No readable answer, or an id the venue has seen: it may exist there. Only the venue can say.
  return changeOrder(ctx, row.id, (current) =>
    current.status === 'submitting'
      ? { set: { status: 'unknown' }, event: { type: 'doubted', message: outcome.message } }
      : null,
  );
}

/** A rejected order stays in the books, and its caller hears the venue's reason. */
function answer(order: Order): Order {
  if (order.status !== 'rejected' || order.reason === null) return order;
  throw new DeskError('order_rejected', `The venue rejected this order: ${order.reason.message}`, {
    venueCode: order.reason.code,
  });
}
