import { describe, expect, it } from 'vitest';
import { anOrder } from '@/domain/order/testing/an-order';
import { withFamilies } from './family';

const names = (rows: ReturnType<typeof withFamilies>) => rows.map(({ order, exit }) => [order.id, exit]);

describe('withFamilies', () => {
  it('puts the exits of an order right under it, the profit first', () => {
    const orders = [
      anOrder('3', { parentId: '1', type: 'stop' }),
      anOrder('2'),
      anOrder('4', { parentId: '1', type: 'limit' }),
      anOrder('1'),
    ];
    expect(names(withFamilies(orders))).toEqual([
      ['2', null],
      ['1', null],
      ['4', 'profit'],
      ['3', 'stop'],
    ]);
  });

  it('puts the legs of a multi-leg order under it', () => {
    const leg = { parentId: '1', orderClass: 'mleg', type: 'limit' } as const;
    const orders = [
      anOrder('3', { ...leg, symbol: 'AAPL261218C00260000', side: 'sell' }),
      anOrder('2', { ...leg, symbol: 'AAPL261218C00250000' }),
      anOrder('1', { orderClass: 'mleg', symbol: '' }),
    ];
    expect(names(withFamilies(orders))).toEqual([
      ['1', null],
      ['3', 'leg'],
      ['2', 'leg'],
    ]);
  });

  it('keeps the exits of an order that has filled together, and loses none', () => {
    const orders = [
      anOrder('4', { parentId: '1', type: 'stop_limit' }),
      anOrder('3'),
      anOrder('2', { parentId: '1', type: 'limit' }),
    ];
    expect(names(withFamilies(orders))).toEqual([
      ['2', 'profit'],
      ['4', 'stop'],
      ['3', null],
    ]);
  });
});
