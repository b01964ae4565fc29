import type { Order } from '@/domain/order/order';
import type { SubmitOutcome } from '@/server/brokers/ports';
import { patiently } from '@/server/platform/patience';
import { type AccountRecord, leavesByDeskAlone } from '../../accounts/account-record';
import type { ServiceContext } from '../../context';
import { type ChangeContext, changeOrder, type OrderChange } from '../change-order';
import { getOrderRow, type OrderRow, toOrder } from '../order-record';
import { settleOrder } from './settle-order';
import { timeToLive } from './terms';

export type SendContext = ChangeContext &
  Pick<ServiceContext, 'lanes' | 'leases' | 'workers' | 'dispatch' | 'followUp'> & {
    keys: Pick<ServiceContext['keys'], 'since'>;
    sessions: Pick<ServiceContext['sessions'], 'of'>;
  };

/** Why nothing was sent: another sender took the order over, its owner wants it gone, or it can no longer be sent. */
export type Unsent = { kind: 'lost' } | { kind: 'unwanted' } | { kind: 'pointless' };

/** A pause can be as long as the venue likes; each time the sender must look again whether it may still send. */
export type Sending = () => Promise<SubmitOutcome | Unsent>;

/** The caller waits so long for the venue's word; after that the order goes on without it. */
const ANSWER_WAIT_MS = 2_000;

/**
 * Sends an order that was just received, when its account's turn comes, and records what the venue says. Where
 * several processes send, any of them does, but for what leaves by the desk alone.
 */
export async function sendOrder(
  ctx: SendContext,
  account: AccountRecord,
  row: OrderRow,
  submit: () => Promise<SubmitOutcome>,
): Promise<Order> {
  if (ctx.dispatch !== null && !leavesByDeskAlone(account)) {
    const answered = await ctx.dispatch.send(account, row, ANSWER_WAIT_MS);
    return answered ?? toOrder(await getOrderRow(ctx, row.id));
  }
  const sending = leaveInTurn(ctx, account, row, submit);
  sending.catch((error: unknown) => ctx.log.error({ err: error, orderId: row.id }, 'an order was not sent'));
  const settled = await patiently(sending, ANSWER_WAIT_MS, null);
  return settled ?? toOrder(await getOrderRow(ctx, row.id));
}

/** Sends an order of which nothing has left yet, under the lease that its row names, and says what came of it. */
export function leaveInTurn(
  ctx: SendContext,
  account: AccountRecord,
  row: OrderRow,
  submit: Sending,
): Promise<Order> {
  const lease = { orderId: row.id, token: row.leaseToken };
  const under = { ...ctx, lease };
  return ctx.lanes.send(account.id, row.id, async (letNext) => {
    const waited = ctx.clock.now() - Date.parse(row.createdAt);
    if (waited > timeToLive(row)) return tooLate(under, row);
    const outcome = await whenLetIn(ctx, row, async () => {
      const stand = await ctx.leases.look(lease);
      if (stand?.isUnwanted) return { kind: 'unwanted' };
      // One that was frozen may find that its venue was asked meanwhile, or a person.
      const isDue = stand?.status === 'submitting';
      if (!isDue || !(stand.mayBeSent || (await ctx.leases.mark(lease, true)))) {
        ctx.log.warn(lease, 'a late sender sent nothing');
        return { kind: 'lost' };
      }
      const answer = await submit();
      // Refused for now, so nothing of it is there; should this process end while it waits, another may send it.
      if (waitOf(answer) !== null || answer.kind === 'pointless') await ctx.leases.mark(lease, false);
      return answer;
    });
    letNext();
    if (outcome.kind === 'unwanted') return neverSent(under, row, 'cancelled before it was sent');
    if (outcome.kind === 'pointless') return neverSent(under, row, 'the order it was to replace is closed');
    if (outcome.kind === 'lost') return toOrder(await getOrderRow(ctx, row.id));
    return settleOrder(under, account, row, outcome);
  });
}

const waitOf = (outcome: SubmitOutcome | Unsent): number | null =>
  outcome.kind === 'rejected' ? (outcome.retryAfterMs ?? null) : null;

/** Waits out the venue's own limit, in the account's lane: what came later waits too, and leaves one by one. */
export async function whenLetIn(
  ctx: SendContext,
  row: OrderRow,
  submit: Sending,
): Promise<SubmitOutcome | Unsent> {
  for (;;) {
    const outcome = await submit();
    const retryAfterMs = waitOf(outcome);
    if (retryAfterMs === null) return outcome;
    const age = ctx.clock.now() - Date.parse(row.createdAt);
    if (age + retryAfterMs > timeToLive(row)) return outcome;
    ctx.log.warn({ orderId: row.id, retryAfterMs }, 'the venue asks to wait');
    await ctx.lanes.waitOut(row.accountId, retryAfterMs);
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

/** Its owner cancelled it while it waited for its turn, or there is nothing left for it to change. */
function neverSent(ctx: SendContext, row: OrderRow, message: string): Promise<Order> {
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
