import { expect, test } from 'vitest';
import { FIRST_RISK_PROFILE, NO_LIMITS } from '@/domain/risk/profile';
import { changedLimits } from './changed-limits';

test('the first change of an owner is told against what holds for everyone', () => {
  const after = { ...FIRST_RISK_PROFILE, maxOrderNotional: '5000', priceCollarPercent: null };
  expect(changedLimits('limits', null, after)).toEqual([
    { name: 'maxOrderNotional', before: null, after: '5000' },
    { name: 'priceCollarPercent', before: 10, after: null },
  ]);
});

test('limits of the desk that were taken away are told, and lists are compared by what is in them', () => {
  const before = { ...NO_LIMITS, maxOpenOrders: 5, allowedSymbols: ['SPY'] };
  expect(changedLimits('impose', before, { ...before, allowedSymbols: ['SPY'] })).toEqual([]);
  expect(changedLimits('impose', before, null).map(({ name }) => name)).toEqual([
    'maxOpenOrders',
    'allowedSymbols',
  ]);
});

test('a row of another version is no reason to fail', () => {
  expect(changedLimits('limits', { unheard: 1 }, FIRST_RISK_PROFILE)).toEqual([]);
});
