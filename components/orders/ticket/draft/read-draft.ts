import type { OrderType } from '@/domain/order/order';
import { orderFaults, type OrderTerms } from '@/domain/order/order-rules';
import { type SubmitOrderInput, submitOrderInput } from '@/domain/order/submit-order';
import type { TicketDraft } from './draft';
import { type DraftFaults, faultAt, type FaultField } from './field-faults';
import { typedDecimal } from './typed-decimal';

type PriceField = 'limitPrice' | 'stopPrice' | 'trail';

/** The prices each type asks for; the ticket shows these and no others. */
export const PRICE_FIELDS: Record<OrderType, readonly PriceField[]> = {
  market: [],
  limit: ['limitPrice'],
  stop: ['stopPrice'],
  stop_limit: ['stopPrice', 'limitPrice'],
  trailing_stop: ['trail'],
};

/** The fields on show, each with what was typed; `must` marks those that may not be empty. */
function shownTexts(draft: TicketDraft): { field: FaultField; text: string; must: boolean }[] {
  const trail = draft.trailBy === 'price' ? 'trailPrice' : 'trailPercent';
  const amount = draft.unit === 'shares' ? 'qty' : 'notional';
  const shown = [{ field: amount, text: draft[amount], must: true } as const];
  const prices = PRICE_FIELDS[draft.type].map(
    (name) => ({ field: name === 'trail' ? trail : name, text: draft[name], must: true }) as const,
  );
  if (!draft.hasExits) return [...shown, ...prices];
  return [
    ...shown,
    ...prices,
    { field: 'takeProfit.limitPrice', text: draft.takeProfit, must: false },
    { field: 'stopLoss.stopPrice', text: draft.stopLoss, must: draft.stopLossLimit.trim() !== '' },
    { field: 'stopLoss.limitPrice', text: draft.stopLossLimit, must: false },
  ];
}

function classOf(exits: number): 'simple' | 'oto' | 'bracket' {
  if (exits === 0) return 'simple';
  return exits === 1 ? 'oto' : 'bracket';
}

/** The order as far as it is typed: what is missing or no number is absent. */
export function termsOf(draft: TicketDraft): OrderTerms {
  const typed = new Map(shownTexts(draft).map(({ field, text }) => [field, typedDecimal(text)]));
  const at = (field: FaultField) => typed.get(field) ?? undefined;
  const profit = at('takeProfit.limitPrice');
  const stop = at('stopLoss.stopPrice');
  const stopLimit = at('stopLoss.limitPrice');
  const values = {
    qty: at('qty'),
    notional: at('notional'),
    limitPrice: at('limitPrice'),
    stopPrice: at('stopPrice'),
    trailPrice: at('trailPrice'),
    trailPercent: at('trailPercent'),
    takeProfit: profit === undefined ? undefined : { limitPrice: profit },
    stopLoss:
      stop === undefined
        ? undefined
        : { stopPrice: stop, ...(stopLimit === undefined ? {} : { limitPrice: stopLimit }) },
  };
  return {
    side: draft.side,
    type: draft.type,
    timeInForce: draft.timeInForce,
    extendedHours: draft.extendedHours,
    orderClass: classOf([profit, stop].filter((exit) => exit !== undefined).length),
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  };
}

function textFaults(draft: TicketDraft): DraftFaults {
  const faults: DraftFaults = {};
  for (const { field, text, must } of shownTexts(draft)) {
    if (text.trim() === '') {
      if (must) faults[field] = { key: 'required' };
    } else if (typedDecimal(text) === null) faults[field] = { key: 'notNumber' };
  }
  const isEmpty = draft.takeProfit.trim() === '' && draft.stopLoss.trim() === '';
  if (draft.hasExits && isEmpty) faults['takeProfit.limitPrice'] = { key: 'oneExit' };
  return faults;
}

type Read = { order: SubmitOrderInput; faults: null } | { order: null; faults: DraftFaults };

/** Reads a draft by the rules the server uses; each fault stands at its field. */
export function readDraft(symbol: string, draft: TicketDraft): Read {
  const faults = textFaults(draft);
  const terms = termsOf(draft);
  const refused = new Set(orderFaults(terms).map(({ field }) => field));
  const shown: FaultField[] = ['type', 'timeInForce', 'extendedHours'];
  shown.push(...shownTexts(draft).map(({ field }) => field));
  for (const field of shown) {
    // Of two fields that stand for each other the domain names one, and it may be the one not shown.
    if (refused.has(field)) faults[field] ??= faultAt(field, terms);
  }
  if (Object.keys(faults).length > 0) return { order: null, faults };
  const parsed = submitOrderInput.safeParse({ symbol, ...terms });
  if (parsed.success) return { order: parsed.data, faults: null };
  return { order: null, faults: { [draft.unit === 'shares' ? 'qty' : 'notional']: { key: 'refused' } } };
}
