import { expect, test } from 'vitest';
import { FIRST_RISK_PROFILE, NO_LIMITS } from '@/domain/risk/profile';
import { draftOf, profileOf } from './limits-draft';

test('a form that nobody touched says the limits it was made from', () => {
  for (const profile of [FIRST_RISK_PROFILE, NO_LIMITS])
    expect(profileOf(draftOf(profile))).toEqual({ profile });
});

test('numbers are read with their commas, and nothing typed is no limit', () => {
  const draft = { ...draftOf(NO_LIMITS), maxOrderNotional: ' 25,000.50 ', maxOpenOrders: '1,000' };
  const profile = { ...NO_LIMITS, maxOrderNotional: '25000.50', maxOpenOrders: 1000 };
  expect(profileOf(draft)).toEqual({ profile });
});

test('what is no number is named, and never sent as no limit', () => {
  const draft = { ...draftOf(NO_LIMITS), maxOpenOrders: 'ten', maxDailyLoss: '-5', duplicateSeconds: '1e3' };
  expect(profileOf(draft)).toEqual({ notNumbers: ['maxDailyLoss', 'maxOpenOrders', 'duplicateSeconds'] });
});

test('symbols are taken by blanks and commas of either script, in capitals, once each', () => {
  const read = profileOf({ ...draftOf(NO_LIMITS), allowedSymbols: 'aapl, SPY，msft  aapl' });
  expect(read).toMatchObject({ profile: { allowedSymbols: ['AAPL', 'SPY', 'MSFT'] } });
});
