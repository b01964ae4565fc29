import { describe, expect, test } from 'vitest';
import { type AccountActivity, postActivity } from './post-activity';
import type { Holding } from './post-fill';
import { balanceOf, toDollars, toMicros } from './transfer';

const activity = (more: Partial<AccountActivity> & { type: string }): AccountActivity => ({
  id: 'a1',
  symbol: null,
  qty: null,
  netAmount: '0',
  price: null,
  groupId: null,
  at: '2026-11-20T15:00:00.000Z',
  ...more,
});

const aapl: Holding = { symbol: 'AAPL', qty: '10', costMicros: toMicros('1000') };
const call: Holding = { symbol: 'AAPL261218C00250000', qty: '2', costMicros: toMicros('700') };

describe('booking what is not an execution', () => {
  test.each([
    ['CSD', '500', 'funding'],
    ['CSW', '-500', 'funding'],
    ['DIV', '1.02', 'dividends'],
    ['DIVNRA', '-0.3', 'dividends'],
    ['FEE', '-0.02', 'fees'],
    ['INT', '-3.5', 'interest'],
    ['MISC', '7', 'adjustments'],
  ] as const)('%s of %s moves cash against %s', (type, netAmount, account) => {
    const { holding, transfers } = postActivity(aapl, activity({ type, netAmount, symbol: 'AAPL' }));
    expect(holding).toBeNull();
    expect(toDollars(balanceOf(transfers, 'cash'))).toBe(netAmount);
    expect(balanceOf(transfers, account)).toBe(-balanceOf(transfers, 'cash'));
  });

  test('the quantity of a dividend is what was paid for, and moves no shares', () => {
    const paid = activity({ type: 'DIV', symbol: 'AAPL', qty: '10', netAmount: '2.6' });
    expect(postActivity(aapl, paid).holding).toBeNull();
  });

  test('a split adds shares to what was paid', () => {
    const { holding, transfers } = postActivity(aapl, activity({ type: 'SPLIT', symbol: 'AAPL', qty: '30' }));
    expect(holding).toEqual({ ...aapl, qty: '40' });
    expect(transfers).toEqual([]);
  });

  test('shares that come with a price are funding at that price', () => {
    const came = activity({ type: 'JNLS', symbol: 'AAPL', qty: '5', price: '120' });
    const { holding, transfers } = postActivity(aapl, came);
    expect(holding).toEqual({ symbol: 'AAPL', qty: '15', costMicros: toMicros('1600') });
    expect(balanceOf(transfers, 'funding')).toBe(-toMicros('600'));
  });

  test('an option that expires loses its part of what it cost', () => {
    const gone = activity({ type: 'OPEXP', symbol: call.symbol, qty: '-1' });
    const { holding, transfers } = postActivity(call, gone);
    expect(holding).toEqual({ ...call, qty: '1', costMicros: toMicros('350') });
    expect(balanceOf(transfers, 'realized')).toBe(toMicros('350'));
    expect(balanceOf(transfers, 'cash')).toBe(0n);
  });

  test('shares of an exercise come in for the strike', () => {
    const came = activity({ type: 'OPTRD', symbol: 'AAPL', qty: '100', netAmount: '-25000' });
    const { holding, transfers } = postActivity(null, came);
    expect(holding).toEqual({ symbol: 'AAPL', qty: '100', costMicros: toMicros('25000') });
    expect(balanceOf(transfers, 'cash')).toBe(-toMicros('25000'));
  });

  test('a contract that goes for another hands its cost on, and gains or loses nothing', () => {
    const gone = postActivity(call, activity({ type: 'OPCA', symbol: call.symbol, qty: '-2' }));
    expect(gone.holding).toEqual({ ...call, qty: '0', costMicros: 0n });
    const carried = -balanceOf(gone.transfers, 'adjustments');
    const symbol = 'AAPL261218C00062500';
    const came = postActivity(null, activity({ type: 'OPCA', symbol, qty: '8' }), -carried);
    expect(came.holding).toEqual({ symbol, qty: '8', costMicros: toMicros('700') });
    expect(balanceOf([...gone.transfers, ...came.transfers], 'adjustments')).toBe(0n);
  });

  test('a position that goes unpaid leaves no cost behind', () => {
    const { holding, transfers } = postActivity(aapl, activity({ type: 'JNLS', symbol: 'AAPL', qty: '-10' }));
    expect(holding).toEqual({ symbol: 'AAPL', qty: '0', costMicros: 0n });
    expect(balanceOf(transfers, 'holdings')).toBe(-toMicros('1000'));
  });
});
