import { priceDecimals, priceFault, qtyFault } from '@/domain/order/amount-rules';
import { type SubmitOrderInput, submitOrderInput } from '@/domain/order/submit-order';
import { decimals, exact } from '@/domain/money';

/** What the ticket holds while it is being filled in: text as typed. */
export type TicketDraft = {
  side: SubmitOrderInput['side'];
  type: SubmitOrderInput['type'];
  timeInForce: SubmitOrderInput['timeInForce'];
  qty: string;
  limitPrice: string;
};

export const EMPTY_DRAFT: TicketDraft = {
  side: 'buy',
  type: 'market',
  timeInForce: 'day',
  qty: '10',
  limitPrice: '',
};

/** Why a field cannot be sent; the words are the dictionary's (`ticket.faults`). */
export type FieldFault =
  | { key: 'required' | 'notNumber' | 'aboveZero' | 'qtyDecimals' | 'tooLarge' | 'fractionDay' | 'refused' }
  | { key: 'priceDecimals'; decimals: number };

export type DraftFaults = { qty?: FieldFault; limitPrice?: FieldFault; timeInForce?: FieldFault };

const NUMBER = /^\d{0,15}(\.\d{0,12})?$/;

/** What was typed as a plain decimal, or null; a thousands comma and a trailing point are forgiven. */
export function typedDecimal(text: string): string | null {
  const bare = text.trim().replaceAll(',', '');
  if (!/\d/.test(bare) || !NUMBER.test(bare)) return null;
  return exact(bare.replace(/\.$/, '')).toFixed();
}

function qtyProblem(draft: TicketDraft): FieldFault | undefined {
  if (draft.qty.trim() === '') return { key: 'required' };
  const qty = typedDecimal(draft.qty);
  if (qty === null) return { key: 'notNumber' };
  if (qtyFault(qty) === null) return undefined;
  if (exact(qty).lte(0)) return { key: 'aboveZero' };
  return { key: decimals(qty) > 9 ? 'qtyDecimals' : 'tooLarge' };
}

function priceProblem(draft: TicketDraft): FieldFault | undefined {
  if (draft.type !== 'limit') return undefined;
  if (draft.limitPrice.trim() === '') return { key: 'required' };
  const price = typedDecimal(draft.limitPrice);
  if (price === null) return { key: 'notNumber' };
  if (priceFault(price) === null) return undefined;
  if (exact(price).lte(0)) return { key: 'aboveZero' };
  return { key: 'priceDecimals', decimals: priceDecimals(price) };
}

type Read = { order: SubmitOrderInput; faults: null } | { order: null; faults: DraftFaults };

/** Reads a draft by the schema the server uses. */
export function readDraft(symbol: string, draft: TicketDraft): Read {
  const qty = qtyProblem(draft);
  const limitPrice = priceProblem(draft);
  if (qty || limitPrice) {
    return { order: null, faults: { ...(qty && { qty }), ...(limitPrice && { limitPrice }) } };
  }
  const parsed = submitOrderInput.safeParse({
    symbol,
    side: draft.side,
    type: draft.type,
    timeInForce: draft.timeInForce,
    qty: typedDecimal(draft.qty) ?? undefined,
    ...(draft.type === 'limit' ? { limitPrice: typedDecimal(draft.limitPrice) ?? undefined } : {}),
  });
  if (parsed.success) return { order: parsed.data, faults: null };
  const fields = parsed.error.issues.map((issue) => issue.path[0]);
  if (fields.includes('timeInForce')) return { order: null, faults: { timeInForce: { key: 'fractionDay' } } };
  return { order: null, faults: { qty: { key: 'refused' } } };
}
