import { z } from 'zod';
import { DeskError } from '@/domain/errors';
import { classOf, tradedSymbol } from '@/domain/market/symbols';
import { decimalInput, decimals, exact, plain } from '@/domain/money';
import { qtyFault } from '@/domain/order/amount-rules';
import type { Order } from '@/domain/order/order';
import { idempotencyKeyInput } from '@/domain/order/submit-order';
import { newId } from '@/server/platform/ids';
import type { UserContext } from '../context';
import { submitOrder } from '../orders/submit-order';
import { authorizeAccount } from '../accounts/account-record';

export const closePositionInput = z
  .strictObject({
    accountId: z.string().max(64).optional(),
    symbol: tradedSymbol,
    qty: decimalInput
      .optional()
      .describe('shares or contracts; all when neither qty nor percentage is given'),
    percentage: decimalInput
      .optional()
      .describe('of the position, above 0 to 100; of an option it must come to whole contracts'),
    idempotencyKey: idempotencyKeyInput.optional(),
  })
  .superRefine(({ qty, percentage }, issue) => {
    const fault = (path: string, message: string | null) => {
      if (message !== null) issue.addIssue({ code: 'custom', path: [path], message });
    };
    if (qty !== undefined && percentage !== undefined) fault('qty', 'and percentage exclude each other');
    if (qty !== undefined) fault('qty', qtyFault(qty));
    if (percentage !== undefined && (exact(percentage).lte(0) || exact(percentage).gt(100))) {
      fault('percentage', 'must be above 0 and at most 100');
    }
  });

/**
 * Closes a position, or a part of it, by a market order of the other side: an order like any other, in the
 * books before it is sent. Errors: `not_found` without a position, `invalid_input` for a part of a contract, and
 * those of submitting.
 */
export async function closePosition(
  ctx: UserContext,
  input: z.infer<typeof closePositionInput>,
): Promise<Order> {
  const account = await authorizeAccount(ctx, input.accountId);
  const positions = await ctx.sessions.of(account).execution.positions();
  const position = positions.find(({ symbol }) => symbol === input.symbol);
  if (position === undefined)
    throw new DeskError('not_found', `There is no position in ${input.symbol} to close.`);
  const held = exact(position.qty).abs();
  const part = input.percentage === undefined ? held : held.times(input.percentage).div(100);
  // Nine decimals is the finest quantity the venue takes.
  const qty = input.qty ?? plain(part.toDecimalPlaces(9, 1));
  if (classOf(input.symbol) === 'us_option' && decimals(qty) > 0) {
    const field = input.qty === undefined ? 'percentage' : 'qty';
    const message = `would close ${qty} contracts of ${plain(held)}; only whole contracts trade`;
    throw new DeskError('invalid_input', `${field}: ${message}`, { fields: [{ field, message }] });
  }
  return submitOrder(ctx, {
    accountId: account.id,
    symbol: input.symbol,
    side: position.side === 'long' ? 'sell' : 'buy',
    type: 'market',
    timeInForce: 'day',
    qty,
    extendedHours: false,
    orderClass: 'simple',
    // Closing the same amount again is meant, not a slip: without a caller's key it gets one of its own.
    idempotencyKey: input.idempotencyKey ?? newId('close', ctx.clock.now()),
  });
}
