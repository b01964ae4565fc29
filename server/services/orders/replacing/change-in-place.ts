import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import type { ReplaceOrderInput } from '@/domain/order/replace-order';
import type { AuthorizedAccount } from '../../accounts/account-record';
import type { UserContext } from '../../context';
import { checkRisk } from '../../risk/check-risk';
import { termsOf } from '../../risk/terms-of';
import { changeOrder } from '../change-order';
import { getOrderRow, type OrderRow, toOrder } from '../order-record';
import { applyVenueOrder } from '../venue/apply-venue-order';

/**
 * Changes a working order where its venue keeps the order and its id. It stays the order it was, and the answer is
 * that order. What was asked is written into its story first; nothing is sent a second time, and a change without an
 * answer is told by the venue when it shows the order. Errors: `invalid_input`, `order_denied`, `order_rejected` with
 * the venue's words, `broker_timeout` when it is not known whether the change was taken.
 */
export async function changeInPlace(
  ctx: UserContext,
  account: AuthorizedAccount,
  { old, intent, input }: { old: OrderRow; intent: OrderRow; input: ReplaceOrderInput },
): Promise<Order> {
  const { venueOrderId } = old;
  if (venueOrderId === null) throw new Error(`order ${old.id} has no id at the venue`);
  for (const field of ['trail', 'timeInForce'] as const) {
    if (input[field] === undefined) continue;
    const message = 'cannot be changed at this venue; cancel the order and send another';
    throw new DeskError('invalid_input', `${field}: ${message}`, { fields: [{ field, message }] });
  }
  await ctx.oneAtATime(account.id, async () => {
    const [denial] = await checkRisk(ctx, account, { ...termsOf(intent), idempotencyKey: intent.id });
    if (denial !== undefined) throw new DeskError('order_denied', denial.message, { rule: denial.rule });
    await changeOrder(ctx, old.id, () => ({
      set: {},
      event: { type: 'status_changed', message: asked(input) },
    }));
  });
  ctx.watchOrders(account);
  const outcome = await ctx.sessions.of(account).execution.replace(venueOrderId, {
    clientOrderId: old.clientOrderId,
    qty: input.qty ?? null,
    limitPrice: input.limitPrice ?? null,
    stopPrice: input.stopPrice ?? null,
    trail: null,
    timeInForce: null,
  });
  if (outcome.kind === 'acknowledged') {
    await applyVenueOrder(ctx, account, outcome.order);
    return toOrder(await getOrderRow(ctx, old.id));
  }
  if (outcome.kind === 'rejected')
    throw new DeskError('order_rejected', `The venue refused the change: ${outcome.message}`, {
      venueCode: outcome.code,
    });
  throw new DeskError(
    'broker_timeout',
    'The venue did not say whether it took the change. Look at the order before you ask again: it shows the new terms when it did.',
  );
}

const NAMES = { qty: 'quantity', limitPrice: 'limit', stopPrice: 'stop' } as const;

function asked(input: ReplaceOrderInput): string {
  const parts = (['qty', 'limitPrice', 'stopPrice'] as const).flatMap((name) =>
    input[name] === undefined ? [] : [`${NAMES[name]} ${input[name]}`],
  );
  return `its owner asks to change it: ${parts.join(', ')}`;
}
