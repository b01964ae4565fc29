import type { Position } from '@/domain/account/position';
import { DeskError } from '@/domain/errors';
import { classOf } from '@/domain/market/symbols';
import type { Order } from '@/domain/order/order';
import type { UserContext } from '../context';
import { cancelOrders } from '../orders/cancel-orders';
import { untilClosed } from '../orders/until-closed';
import { authorizeAccount } from '../accounts/account-record';
import { closePosition } from './close-position';

type Closed = { orders: Order[]; failed: { symbol: string; message: string }[] };

/** Closes every position of an account, if asked after cancelling its working orders. One failure stops no other. */
export async function closePositions(
  ctx: UserContext,
  input: { accountId?: string | undefined; cancelOrders: boolean },
): Promise<Closed> {
  const account = await authorizeAccount(ctx, input.accountId);
  if (input.cancelOrders) {
    const { requested } = await cancelOrders(ctx, { accountId: account.id });
    await untilClosed(
      ctx,
      requested.map(({ id }) => id),
    );
  }
  const positions = await ctx.sessions.of(account).execution.positions();
  const closed: Closed = { orders: [], failed: [] };
  const close = async (held: readonly Position[]) => {
    for (const { symbol } of held) {
      try {
        closed.orders.push(await closePosition(ctx, { accountId: account.id, symbol }));
      } catch (error) {
        if (!(error instanceof DeskError)) throw error;
        closed.failed.push({ symbol, message: error.message });
      }
    }
  };
  // The venue lets nothing go that covers an option sold, so those are bought back first.
  const sold = positions.filter(isOptionSold);
  await close(sold);
  if (sold.length > 0) {
    await untilClosed(
      ctx,
      closed.orders.map(({ id }) => id),
    );
  }
  await close(positions.filter((position) => !isOptionSold(position)));
  return closed;
}

const isOptionSold = ({ symbol, side }: Position): boolean =>
  side === 'short' && classOf(symbol) === 'us_option';
