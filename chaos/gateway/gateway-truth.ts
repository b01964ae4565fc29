import type { Books } from '../books';
import { type Line, truthOf } from '../journal';

/**
 * The truth about an account behind the gateway: the journal's, in the names that this wire gives. An order is known
 * by the reference it came with, and an execution by the first 24 digits of its id in three groups, without the fourth,
 * which counts corrections.
 */
export function gatewayTruth(lines: readonly Line[], keyId: string): Books {
  const refs = new Map(
    lines.flatMap(({ order }): [string, string][] =>
      order?.tws === undefined ? [] : [[order.client_order_id, order.tws.order_ref]],
    ),
  );
  const truth = truthOf(lines, keyId);
  return {
    ...truth,
    orders: truth.orders.map((order) =>
      Object.assign(order, { clientOrderId: refs.get(order.clientOrderId) ?? order.clientOrderId }),
    ),
    fills: truth.fills.map((fill) => Object.assign(fill, { executionId: shortId(fill.executionId) })),
  };
}

function shortId(executionId: string): string {
  const digits = executionId.replaceAll('-', '');
  return `${digits.slice(0, 8)}.${digits.slice(8, 16)}.${digits.slice(16, 24)}`;
}
