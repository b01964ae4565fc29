import { describe, expect, it } from 'vitest';
import type { Position } from '@/domain/account/position';
import { drift, totals, valueAt } from './position-value';

function position(over: Partial<Position> = {}): Position {
  return {
    symbol: 'AAPL',
    side: 'long',
    qty: '10',
    qtyAvailable: '10',
    averagePrice: '200',
    currentPrice: '210',
    previousClose: '205',
    marketValue: '2100',
    costBasis: '2000',
    unrealizedPl: '100',
    unrealizedPlPercent: '0.05',
    dayPl: '50',
    ...over,
  };
}

describe('valueAt', () => {
  it('moves the day P&L on from the price the broker used', () => {
    expect(valueAt(position(), '212.5')).toEqual({
      price: '212.5',
      marketValue: '2125.00',
      unrealizedPl: '125.00',
      unrealizedPlPercent: '0.0625',
      dayPl: '75.00',
    });
  });

  it('counts an option contract as a hundred shares', () => {
    const call = {
      symbol: 'AAPL261218C00250000',
      qty: '2',
      averagePrice: '3',
      costBasis: '600',
      currentPrice: '4',
    };
    expect(valueAt(position(call), null)).toMatchObject({ marketValue: '800.00', unrealizedPl: '200.00' });
  });

  it('gains on a short when the price falls', () => {
    const short = position({
      side: 'short',
      qty: '-10',
      costBasis: '-2000',
      currentPrice: '200',
      dayPl: '0',
    });
    expect(valueAt(short, '190')).toMatchObject({
      unrealizedPl: '100.00',
      unrealizedPlPercent: '0.05',
      dayPl: '100.00',
    });
  });

  it('stays unknown without any price and never becomes 0', () => {
    const unknown = position({ currentPrice: null, dayPl: null });
    expect(valueAt(unknown, null).marketValue).toBeNull();
    expect(valueAt(unknown, '210').dayPl).toBeNull();
  });

  it('falls back to the price of the broker', () => {
    expect(valueAt(position(), null).unrealizedPl).toBe('100.00');
  });
});

describe('totals', () => {
  it('adds up to the cent what the rows show, where floats and late rounding would not', () => {
    const rows = [
      valueAt(position({ qty: '0.333', costBasis: '0.10', currentPrice: '0.335', dayPl: '0.005' }), '0.335'),
      valueAt(position({ qty: '0.333', costBasis: '0.10', currentPrice: '0.335', dayPl: '0.005' }), '0.335'),
      valueAt(position({ qty: '3', costBasis: '0.30', currentPrice: '0.1', dayPl: '0.2' }), '0.1'),
    ];
    const shown = rows.map((row) => row.marketValue);
    expect(shown).toEqual(['0.11', '0.11', '0.30']);
    expect(totals(rows)).toEqual({ marketValue: '0.52', unrealizedPl: '0.02', dayPl: '0.22' });
  });
});

describe('drift', () => {
  it('sums what positions moved since the broker valued them', () => {
    const held = [position(), position({ symbol: 'TSLA', qty: '-2', currentPrice: '300' })];
    const last = new Map([
      ['AAPL', '211'],
      ['TSLA', '305'],
    ]);
    expect(drift(held, (symbol) => last.get(symbol) ?? null)).toBe('0');
    expect(drift(held, (symbol) => (symbol === 'AAPL' ? '211' : null))).toBe('10');
  });
});
