import { isClosed } from '@/domain/order/status';
import type { SubmitOutcome } from '@/server/brokers/ports';
import type { AccountRecord } from '../../accounts/account-record';
import { getOrderRow, type OrderRow } from '../order-record';
import type { SendContext } from './send-order';

/**
 * How an order is sent by somebody who has its row alone; null when it cannot be sent now. A change is as safe as
 * an order: the venue replaces an order once only.
 */
export async function senderOf(
  ctx: SendContext,
  account: AccountRecord,
  row: OrderRow,
): Promise<(() => Promise<SubmitOutcome>) | null> {
  const { execution } = ctx.sessions.of(account);
  if (row.replacesId === null) return () => execution.submit(row);
  const { venueOrderId, status, ...old } = await getOrderRow(ctx, row.replacesId);
  if (venueOrderId === null || isClosed(status)) return null;
  const changed = <Name extends 'qty' | 'limitPrice' | 'stopPrice' | 'timeInForce'>(name: Name) =>
    row[name] === old[name] ? null : row[name];
  const trail = row.trailPrice ?? row.trailPercent;
  const change = {
    clientOrderId: row.clientOrderId,
    qty: changed('qty'),
    limitPrice: changed('limitPrice'),
    stopPrice: changed('stopPrice'),
    trail: trail === (old.trailPrice ?? old.trailPercent) ? null : trail,
    timeInForce: changed('timeInForce'),
  };
  return () => execution.replace(venueOrderId, change);
}
