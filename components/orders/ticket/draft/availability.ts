import { decimals } from '@/domain/money';
import type { OrderType, TimeInForce } from '@/domain/order/order';
import { orderFaults, type OrderTerms } from '@/domain/order/order-rules';
import type { TicketDraft } from './draft';
import { typedDecimal } from './typed-decimal';

/** What stands in the way of a choice; the words are the dictionary's (`ticket.unavailable`). */
export type Obstacle = 'type' | 'time' | 'dollars' | 'fraction' | 'exits' | 'extended';

const PLAIN: OrderTerms = {
  side: 'buy',
  type: 'market',
  timeInForce: 'day',
  orderClass: 'simple',
  extendedHours: false,
  qty: '1',
};
const PRICES: Record<OrderType, Partial<OrderTerms>> = {
  market: {},
  limit: { limitPrice: '1' },
  stop: { stopPrice: '1' },
  stop_limit: { stopPrice: '1', limitPrice: '1' },
  trailing_stop: { trailPrice: '1' },
};
const DOLLARS: Partial<OrderTerms> = { qty: undefined, notional: '1' };
const EXITS: Partial<OrderTerms> = { orderClass: 'oto', takeProfit: { limitPrice: '1' } };

/** Asks the domain's own rules whether an otherwise good order of these terms is a fault at `field`. */
function isRefused(field: string, terms: Partial<OrderTerms>): boolean {
  const order = { ...PLAIN, ...PRICES[terms.type ?? 'market'], ...terms };
  return orderFaults(order).some((fault) => fault.field === field);
}

export function isTimeOf(type: OrderType, timeInForce: TimeInForce): boolean {
  return !isRefused('timeInForce', { type, timeInForce });
}

export function isExtendable(type: OrderType, timeInForce: TimeInForce): boolean {
  return !isRefused('extendedHours', { type, timeInForce, extendedHours: true });
}

/** The obstacle of the first test that holds, or null. */
function first(tests: readonly (readonly [Obstacle, boolean])[]): Obstacle | null {
  return tests.find(([, holds]) => holds)?.[0] ?? null;
}

function isFraction(draft: TicketDraft): boolean {
  const qty = draft.unit === 'shares' ? typedDecimal(draft.qty) : null;
  return qty !== null && decimals(qty) > 0;
}

export function timeObstacle(draft: TicketDraft, timeInForce: TimeInForce): Obstacle | null {
  const { type } = draft;
  return first([
    ['type', !isTimeOf(type, timeInForce)],
    ['dollars', draft.unit === 'dollars' && isRefused('notional', { type, timeInForce, ...DOLLARS })],
    ['fraction', isFraction(draft) && isRefused('timeInForce', { type, timeInForce, qty: '0.5' })],
    ['exits', draft.hasExits && isRefused('timeInForce', { type: 'limit', timeInForce, ...EXITS })],
  ]);
}

export function typeObstacle(draft: TicketDraft, type: OrderType): Obstacle | null {
  return first([
    ['dollars', draft.unit === 'dollars' && isRefused('notional', { type, ...DOLLARS })],
    ['exits', draft.hasExits && isRefused('type', { type, ...EXITS })],
  ]);
}

export function dollarsObstacle({ type, timeInForce, hasExits }: TicketDraft): Obstacle | null {
  return first([
    ['type', isRefused('notional', { type, ...DOLLARS })],
    ['time', isRefused('notional', { type, timeInForce, ...DOLLARS })],
    ['exits', hasExits && isRefused('qty', { ...DOLLARS, ...EXITS })],
  ]);
}

export function exitsObstacle(draft: TicketDraft): Obstacle | null {
  const { type, timeInForce, extendedHours, unit } = draft;
  return first([
    ['type', isRefused('type', { type, ...EXITS })],
    ['time', isRefused('timeInForce', { type, timeInForce, ...EXITS })],
    ['dollars', unit === 'dollars' && isRefused('qty', { ...DOLLARS, ...EXITS })],
    ['extended', extendedHours && isRefused('extendedHours', { type, extendedHours, ...EXITS })],
  ]);
}

export function extendedObstacle({ type, timeInForce, hasExits }: TicketDraft): Obstacle | null {
  return first([
    ['type', !isExtendable(type, 'day')],
    ['time', !isExtendable(type, timeInForce)],
    ['exits', hasExits && isRefused('extendedHours', { type, extendedHours: true, ...EXITS })],
  ]);
}
