import type { OrderSide, OrderType, TimeInForce } from '@/domain/order/order';
import { isExtendable, isTimeOf } from './availability';

/** What the ticket holds while it is being filled in: text as typed. */
export type TicketDraft = {
  side: OrderSide;
  type: OrderType;
  timeInForce: TimeInForce;
  /** Whether `qty` or `notional` says how much. */
  unit: 'shares' | 'dollars';
  qty: string;
  notional: string;
  limitPrice: string;
  stopPrice: string;
  trailBy: 'price' | 'percent';
  trail: string;
  extendedHours: boolean;
  /** Whether exits go with the order; their prices stay in the fields either way. */
  hasExits: boolean;
  takeProfit: string;
  stopLoss: string;
  stopLossLimit: string;
};

export const NO_EXITS = { hasExits: false, takeProfit: '', stopLoss: '', stopLossLimit: '' } as const;

/** A price belongs to its symbol: these fields never go from one symbol to the next. */
export const NO_PRICES = { limitPrice: '', stopPrice: '', trail: '', ...NO_EXITS } as const;

export const EMPTY_DRAFT: TicketDraft = {
  side: 'buy',
  type: 'market',
  timeInForce: 'day',
  unit: 'shares',
  qty: '10',
  notional: '',
  trailBy: 'percent',
  extendedHours: false,
  ...NO_PRICES,
};

/** The draft after a change; what the new type or time does not know falls back to day and regular hours. */
export function changedDraft(draft: TicketDraft, change: Partial<TicketDraft>): TicketDraft {
  const next = { ...draft, ...change };
  if (!isTimeOf(next.type, next.timeInForce)) next.timeInForce = 'day';
  if (!isExtendable(next.type, next.timeInForce)) next.extendedHours = false;
  return next;
}
