import { decimals, exact } from '@/domain/money';
import { priceDecimals, priceFault, qtyFault } from '@/domain/order/amount-rules';
import type { Order } from '@/domain/order/order';
import type { ReplaceOrderInput } from '@/domain/order/replace-order';
import type { FieldFault } from '../ticket/draft/field-faults';
import { typedDecimal } from '../ticket/draft/typed-decimal';

export type ReplaceField = 'qty' | 'limitPrice' | 'stopPrice' | 'trail';
export type ReplaceDraft = Record<ReplaceField, string>;

const FIELDS: Record<Order['type'], readonly ReplaceField[]> = {
  market: ['qty'],
  limit: ['qty', 'limitPrice'],
  stop: ['qty', 'stopPrice'],
  stop_limit: ['qty', 'stopPrice', 'limitPrice'],
  trailing_stop: ['qty', 'trail'],
};

/** What of an order can be changed: its quantity and the prices of its type; the venue lets dollars be. */
export function replaceFields({ type, qty }: Pick<Order, 'type' | 'qty'>): readonly ReplaceField[] {
  return FIELDS[type].filter((field) => field !== 'qty' || qty !== null);
}

/**
 * An order that is over, on its way or already being changed cannot be changed again; one of several options is
 * changed by the interfaces alone.
 */
export function isReplaceable(
  order: Pick<Order, 'status' | 'venueOrderId' | 'type' | 'qty' | 'orderClass'>,
): boolean {
  if (order.orderClass === 'mleg') return false;
  const works = ['new', 'accepted', 'held', 'partially_filled', 'pending_new'].includes(order.status);
  return works && order.venueOrderId !== null && replaceFields(order).length > 0;
}

/** A price as it is written: with its cents. */
function written(price: string | null): string {
  return price === null ? '' : exact(price).toFixed(Math.max(2, decimals(price)));
}

/** The form as it opens: the order as it is. */
export function replaceDraft(order: Order): ReplaceDraft {
  return {
    qty: order.qty ?? '',
    limitPrice: written(order.limitPrice),
    stopPrice: written(order.stopPrice),
    trail: order.trailPercent ?? order.trailPrice ?? '',
  };
}

export type ReplaceFaults = Partial<Record<ReplaceField, FieldFault>>;

type Read = { change: Omit<ReplaceOrderInput, 'id'> | null; faults: ReplaceFaults };

/** The fields that differ from the order, each checked; no change is null without a fault. */
export function readReplacement(order: Order, draft: ReplaceDraft): Read {
  const before = replaceDraft(order);
  const change: Partial<ReplaceDraft> = {};
  const faults: ReplaceFaults = {};
  for (const field of replaceFields(order)) {
    const value = typedDecimal(draft[field]);
    const fault = faultOfText(field, draft[field], value, order);
    if (fault !== null) faults[field] = fault;
    else if (value !== null && !exact(value).eq(before[field] === '' ? '-1' : before[field]))
      change[field] = value;
  }
  const isOver = Object.keys(faults).length > 0 || Object.keys(change).length === 0;
  return { change: isOver ? null : change, faults };
}

function faultOfText(
  field: ReplaceField,
  text: string,
  value: string | null,
  order: Order,
): FieldFault | null {
  if (text.trim() === '') return { key: 'required' };
  if (value === null) return { key: 'notNumber' };
  if (exact(value).lte(0)) return { key: 'aboveZero' };
  if (field === 'qty') {
    if (exact(value).lte(order.filledQty)) return { key: 'aboveFilled' };
    return qtyFault(value) === null ? null : { key: 'qtyDecimals' };
  }
  return priceFault(value) === null ? null : { key: 'priceDecimals', decimals: priceDecimals(value) };
}
