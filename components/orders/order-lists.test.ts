import { describe, expect, it } from 'vitest';
import type { Order } from '@/domain/order/order';
import { anOrder } from '@/domain/order/testing/an-order';
import { isNews, withOrder } from './order-lists';

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 15, 0, second)).toISOString();

const order = (id: string, over: Partial<Order> = {}) =>
  anOrder(id, { createdAt: at(0), updatedAt: at(0), ...over });

describe('withOrder', () => {
  it('moves a filled order from the working list to the history', () => {
    const filled = order('1', { status: 'filled', updatedAt: at(1) });
    expect(withOrder([order('1'), order('2')], filled, 'open').map((one) => one.id)).toEqual(['2']);
    expect(withOrder([], filled, 'closed')).toEqual([filled]);
  });

  it('counts an order in flight as working', () => {
    expect(withOrder([], order('1', { status: 'submitting' }), 'open')).toHaveLength(1);
  });

  it('changes an order in its place and puts a new one first', () => {
    const list = [order('2', { createdAt: at(2) }), order('1', { createdAt: at(1) })];
    const partly = order('1', { createdAt: at(1), status: 'partially_filled', updatedAt: at(5) });
    expect(withOrder(list, partly, 'open').map((one) => one.status)).toEqual(['new', 'partially_filled']);
    expect(withOrder(list, order('3', { createdAt: at(3) }), 'open')[0]?.id).toBe('3');
  });
});

describe('isNews', () => {
  it('refuses the answer to a submit that comes after the fill was already streamed', () => {
    const filled = order('1', { status: 'filled', updatedAt: at(5) });
    expect(isNews([filled], order('1', { status: 'submitting', updatedAt: at(4) }))).toBe(false);
  });

  it('refuses what has come less far in the same millisecond', () => {
    const partly = order('1', { status: 'partially_filled', filledQty: '1' });
    const filled = order('1', { status: 'filled', filledQty: '2' });
    expect(isNews([filled], partly)).toBe(false);
    expect(isNews([partly], filled)).toBe(true);
    expect(isNews([order('1', { status: 'canceled' })], order('1'))).toBe(false);
  });

  it('takes the same or a later state, and an order not known yet', () => {
    expect(isNews([order('1')], order('1'))).toBe(true);
    expect(isNews([order('1')], order('1', { updatedAt: at(1) }))).toBe(true);
    expect(isNews([], order('1'))).toBe(true);
  });
});
