import { setTimeout as pause } from 'node:timers/promises';
import type { Order } from '@/domain/order/order';
import type { SubmitOutcome } from '@/server/brokers/ports';
import { patiently } from '@/server/platform/patience';
import type { AccountRecord } from '../../accounts/account-record';
import type { ServiceContext } from '../../context';
import { changeOrder, type OrderChange } from '../change-order';
import { getOrderRow, type OrderRow, toOrder } from '../order-record';
import { isUnwanted } from './ask-to-cancel';
import { settleOrder } from './settle-order';
import { timeToLive } from './terms';

export type SendContext = Pick<
  ServiceContext,
  'clock' | 'database' | 'orderBus' | 'log' | 'sessions' | 'lanes' | 'followUp'
>;

/** The caller waits so long for the venue's word; after that the order goes on without it. */
const ANSWER_WAIT_MS = 2_000;

/** Sends an order that nobody has sent before, when its account's turn comes, and records what the venue says. */
export async function sendOrder(
  ctx: SendContext,
  account: AccountRecord,
  row: OrderRow,
  submit: () => Promise<SubmitOutcome>,
): Promise<Order> {
  const sending = ctx.lanes.send(account.id, row.id, async () => {
    const waited = ctx.clock.now() - Date.parse(row.createdAt);
    if (waited > timeToLive(row)) return tooLate(ctx, row);
    if (await isUnwanted(ctx, row.id)) return neverSent(ctx, row);
    return settleOrder(ctx, account, row, await whenLetIn(ctx, row, submit));
  });
  sending.catch((error: unknown) => ctx.log.error({ err: error, orderId: row.id }, 'an order was not sent'));
  const settled = await patiently(sending, ANSWER_WAIT_MS, null);
  return settled ?? toOrder(await getOrderRow(ctx, row.id));
}

/** Waits out the venue's own limit, in the account's lane: what came later waits too, and leaves one by one. */
export async function whenLetIn(
  ctx: SendContext,
  row: OrderRow,
  submit: () => Promise<SubmitOutcome>,
): Promise<SubmitOutcome> {
  for (;;) {
    const outcome = await submit();
    if (outcome.kind !== 'rejected' || outcome.retryAfterMs === undefined) return outcome;
    const age = ctx.clock.now() - Date.parse(row.createdAt);
    if (age + outcome.retryAfterMs > timeToLive(row)) return outcome;
    ctx.log.warn({ orderId: row.id, retryAfterMs: outcome.retryAfterMs }, 'the venue asks to wait');
    await pause(outcome.retryAfterMs);
  }
}

/** An order that waited behind others beyond its time: our own no, true because nothing of it ever left. */
function tooLate(ctx: SendContext, row: OrderRow): Promise<Order> {
  const message = `It waited more than ${timeToLive(row) / 1000} s to be sent and was not sent. Send it again if it is still meant.`;
  return endUnsent(ctx, row, 'denied', {
    status: 'denied',
    reasonCode: 'waited_too_long',
    reasonMessage: message,
  });
}

/** Its owner cancelled it while it waited for its turn. */
function neverSent(ctx: SendContext, row: OrderRow): Promise<Order> {
  const message = 'cancelled before it was sent';
  return endUnsent(ctx, row, 'status_changed', {
    status: 'canceled',
    reasonCode: 'never_sent',
    reasonMessage: message,
  });
}

type End = Required<Pick<OrderChange['set'], 'status' | 'reasonCode'>> & { reasonMessage: string };

function endUnsent(
  ctx: SendContext,
  row: OrderRow,
  type: OrderChange['event']['type'],
  end: End,
): Promise<Order> {
  return changeOrder(ctx, row.id, (current) =>
    current.status === 'submitting' ? { set: end, event: { type, message: end.reasonMessage } } : null,
  );
}
