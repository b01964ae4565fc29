import { describe, expect, it } from 'vitest';
import { changedDraft, EMPTY_DRAFT, type TicketDraft } from '../draft/draft';
import { termsOf } from '../draft/read-draft';
import { riskReward } from './risk-reward';
import { stopDoubt } from './stop-doubt';

const terms = (change: Partial<TicketDraft>) => termsOf(changedDraft(EMPTY_DRAFT, change));

describe('riskReward', () => {
  it('reckons both exits from the entry, in dollars, and their ratio', () => {
    const bracket = terms({ hasExits: true, takeProfit: '106', stopLoss: '98', qty: '10' });
    expect(riskReward(bracket, '100', '10')).toEqual({ reward: '60.00', risk: '-20.00', ratio: '3.0' });
  });

  it('turns round for a short', () => {
    const short = terms({ side: 'sell', hasExits: true, takeProfit: '95', stopLoss: '102', qty: '1' });
    expect(riskReward(short, '100', '1')).toEqual({ reward: '5.00', risk: '-2.00', ratio: '2.5' });
  });

  it('reckons a stop with a limit at the limit, and gives no ratio without both', () => {
    const stop = terms({ hasExits: true, stopLoss: '98', stopLossLimit: '97', qty: '1' });
    expect(riskReward(stop, '100', '1')).toEqual({ reward: null, risk: '-3.00', ratio: null });
  });

  it('is unknown without exits, entry or quantity', () => {
    expect(riskReward(terms({}), '100', '1')).toBeNull();
    const profit = terms({ hasExits: true, takeProfit: '106' });
    expect(riskReward(profit, null, '1')).toBeNull();
    expect(riskReward(profit, '100', null)).toBeNull();
  });
});

describe('stopDoubt', () => {
  const quote = { bid: '99.98', ask: '100.02', last: '100' };

  it('doubts a buy stop below the market and a sell stop above it', () => {
    expect(stopDoubt(terms({ type: 'stop', stopPrice: '99' }), quote)).toBe('below');
    expect(stopDoubt(terms({ type: 'stop', stopPrice: '101' }), quote)).toBeNull();
    expect(stopDoubt(terms({ side: 'sell', type: 'stop', stopPrice: '101' }), quote)).toBe('above');
    expect(stopDoubt(terms({ side: 'sell', type: 'stop', stopPrice: '99' }), quote)).toBeNull();
    expect(stopDoubt(terms({ type: 'stop', stopPrice: '99' }), null)).toBeNull();
  });
});
