import { expect, test } from 'vitest';
import { NO_HOOK_LIMITS } from '@/domain/webhook/hook-limits';
import { draftOf, limitsOf } from './limits-draft';

test('an empty form is no limit, and a full one comes back as it was', () => {
  expect(limitsOf(draftOf(NO_HOOK_LIMITS))).toEqual(NO_HOOK_LIMITS);
  const full = { symbols: ['AAPL', 'BRK.B'], side: 'sell', maxQty: '10', maxNotional: '2500.5' } as const;
  expect(limitsOf(draftOf({ ...full, symbols: [...full.symbols] }))).toEqual(full);
});

test('tickers are told apart by commas, spaces and lines, and repeats are one', () => {
  const typed = { ...draftOf(NO_HOOK_LIMITS), symbols: ' aapl, spy\nSPY， msft ', maxNotional: ' 12,500 ' };
  expect(limitsOf(typed)).toMatchObject({ symbols: ['AAPL', 'SPY', 'MSFT'], maxNotional: '12500' });
});
