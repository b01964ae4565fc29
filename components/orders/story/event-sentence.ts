import type { OrderEvent } from '@/domain/order/event';
import type { OrderSide } from '@/domain/order/order';

export type EventSentence =
  | {
      key:
        | 'received'
        | 'sent'
        | 'denied'
        | 'doubted'
        | 'cancel_requested'
        | 'unprotected'
        | 'protection_settled';
    }
  | { key: 'acknowledged' | 'status'; status: OrderEvent['status'] }
  | { key: 'bought' | 'sold'; qty: string; price: string };

/** Which sentence of the dictionary (`story.events`) tells an event. */
export function eventSentence(
  event: Pick<OrderEvent, 'type' | 'status' | 'fill'>,
  side: OrderSide,
): EventSentence {
  const { type, status, fill } = event;
  if (fill !== null) return { key: side === 'buy' ? 'bought' : 'sold', qty: fill.qty, price: fill.price };
  if (type === 'acknowledged') return { key: 'acknowledged', status };
  // Without its execution a fill is only a status: the quantity stands above.
  if (type === 'status_changed' || type === 'filled') return { key: 'status', status };
  return { key: type };
}
