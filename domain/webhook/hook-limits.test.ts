import { describe, expect, test } from 'vitest';
import { hookDenials, NO_HOOK_LIMITS } from './hook-limits';

const MARKET = { bid: '99.90', ask: '100.10', last: '100.00' };
const NONE = { bid: null, ask: null, last: null };
const BUY = { symbol: 'SPY', side: 'buy', qty: '10' } as const;
const rules = (order: object, limits: object, market = MARKET) =>
  hookDenials({ ...BUY, ...order }, { ...NO_HOOK_LIMITS, ...limits }, market).map(({ rule }) => rule);

describe("a hook's limits", () => {
  test('allow everything until they are set', () => {
    expect(rules({}, {})).toEqual([]);
  });

  test.each([
    [{}, { symbols: ['SPY'] }, []],
    [{}, { symbols: ['QQQ'] }, ['hook_symbols']],
    [{}, { side: 'buy' }, []],
    [{}, { side: 'sell' }, ['hook_side']],
    [{}, { maxQty: '10' }, []],
    [{}, { maxQty: '9.999' }, ['hook_max_qty']],
    [{ qty: undefined, notional: '1001' }, { maxQty: '10' }, []],
    [{ qty: undefined, notional: '1002' }, { maxQty: '10' }, ['hook_max_qty']],
    [{ qty: undefined, notional: '500' }, { maxNotional: '500' }, []],
    [{ qty: undefined, notional: '500.01' }, { maxNotional: '500' }, ['hook_max_notional']],
    // At market a buyer pays the ask.
    [{}, { maxNotional: '1001' }, []],
    [{}, { maxNotional: '1000.99' }, ['hook_max_notional']],
    // A buyer's limit is the most it pays; a seller's is the least it gets.
    [{ limitPrice: '50' }, { maxNotional: '500' }, []],
    [{ side: 'sell', limitPrice: '1' }, { maxNotional: '500' }, ['hook_max_notional']],
    [{ stopPrice: '120' }, { maxNotional: '1100' }, ['hook_max_notional']],
  ] as const)('%o under %o: %o', (order, limits, expected) => {
    expect(rules(order, limits)).toEqual(expected);
  });

  test('reckon a contract as a hundred shares, and several as what they can lose', () => {
    const call = { symbol: 'SPY261218C00660000', limitPrice: '2' };
    expect(rules(call, { symbols: ['SPY'], maxNotional: '2000' })).toEqual([]);
    expect(rules(call, { maxNotional: '1999' })).toEqual(['hook_max_notional']);
    const leg = { ratioQty: '1', symbol: 'SPY261218P00650000', side: 'sell', positionIntent: 'sell_to_open' };
    const cover = { ...leg, symbol: 'SPY261218P00645000', side: 'buy', positionIntent: 'buy_to_open' };
    const credit = { symbol: '', qty: '1', limitPrice: '-2', legs: [leg, cover] };
    expect(rules(credit, { symbols: ['SPY'], maxNotional: '300', maxQty: '2' })).toEqual([]);
    expect(rules(credit, { symbols: ['QQQ'], side: 'buy', maxNotional: '299', maxQty: '1' })).toEqual([
      'hook_symbols',
      'hook_side',
      'hook_max_qty',
      'hook_max_notional',
    ]);
  });

  test('that cannot be checked deny', () => {
    const check = (order: object, limits: object) =>
      hookDenials({ ...BUY, ...order }, { ...NO_HOOK_LIMITS, ...limits }, NONE).map(({ rule }) => rule);
    expect(check({}, { maxNotional: '1000000' })).toEqual(['hook_max_notional']);
    expect(check({ qty: undefined, notional: '1' }, { maxQty: '100' })).toEqual(['hook_max_qty']);
    expect(check({ limitPrice: '50' }, { maxNotional: '500' })).toEqual([]);
  });
});
