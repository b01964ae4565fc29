import { describe, expect, it } from 'vitest';
import { anOrder } from '@/domain/order/testing/an-order';
import { askedSymbol, historyRows } from './history-filter';

const filled = anOrder('1', { status: 'filled' });
const denied = anOrder('2', { status: 'denied', symbol: 'TSLA' });
const gone = anOrder('3', { status: 'canceled' });
const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);

describe('historyRows', () => {
  it('joins live list and pages, each order once, the newest first, the live word winning', () => {
    const stale = anOrder('3', { status: 'expired' });
    const rows = historyRows([gone], [{ orders: [stale, denied] }, { orders: [filled] }], {
      symbol: '',
      ending: 'all',
    });
    expect(ids(rows)).toEqual(['3', '2', '1']);
    expect(rows[0]?.status).toBe('canceled');
  });

  it('filters by symbol, however it is typed, and by ending', () => {
    const all = [{ orders: [filled, denied, gone] }];
    expect(ids(historyRows([], all, { symbol: ' tsla ', ending: 'all' }))).toEqual(['2']);
    expect(ids(historyRows([], all, { symbol: '', ending: 'refused' }))).toEqual(['2']);
    expect(ids(historyRows([], all, { symbol: 'AAPL', ending: 'filled' }))).toEqual(['1']);
    expect(ids(historyRows([], all, { symbol: '???', ending: 'all' }))).toEqual([]);
  });
});

describe('askedSymbol', () => {
  it('asks for nothing while nothing is typed and never for what is no symbol', () => {
    expect(askedSymbol(' ')).toBeUndefined();
    expect(askedSymbol('aapl')).toBe('AAPL');
    expect(askedSymbol('a b')).toBeNull();
  });
});
