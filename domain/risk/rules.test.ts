import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIRST_RISK_PROFILE, type RiskProfile } from './profile';
import type { RiskFacts, RiskOrder } from './facts';
import { factsNeeded, riskDenials } from './rules';

const FREE: RiskProfile = {
  ...FIRST_RISK_PROFILE,
  priceCollarPercent: null,
  staleQuoteSeconds: null,
  duplicateSeconds: null,
  allowedClasses: null,
  regularHoursOnly: false,
  checkBuyingPower: false,
  onDrift: 'block',
};
const BUY: RiskOrder = {
  symbol: 'AAPL',
  side: 'buy',
  type: 'market',
  timeInForce: 'day',
  orderClass: 'simple',
  extendedHours: false,
  qty: '10',
  hasKey: false,
};
const LIMIT: RiskOrder = { ...BUY, type: 'limit', limitPrice: '100' };
const FACTS: RiskFacts = {
  blocked: null,
  liveStop: null,
  buyingPower: '100000',
  drifts: 0,
  bid: '99',
  ask: '100',
  last: '99.5',
  quoteAgeMs: 500,
  isMarketOpen: true,
  sinceSameMs: null,
  openOrders: 0,
  ordersToday: 0,
  dayPl: '0',
  heldQty: '0',
  grossExposure: '0',
};

type Row = {
  title: string;
  order?: Partial<RiskOrder>;
  facts?: Partial<RiskFacts>;
  profile: Partial<RiskProfile>;
  denies: string | null;
  limit?: string;
  actual?: string;
};

/** Every rule just inside and just outside its limit. */
const ROWS: Row[] = [
  { title: 'a symbol on the list', profile: { allowedSymbols: ['AAPL'] }, denies: null },
  {
    title: 'a symbol off the list',
    profile: { allowedSymbols: ['SPY'] },
    denies: 'allowed_symbols',
    actual: 'AAPL',
  },
  { title: 'the most shares', profile: { maxOrderQty: '10' }, denies: null },
  {
    title: 'one share too many',
    profile: { maxOrderQty: '9' },
    denies: 'max_order_qty',
    limit: '9',
    actual: '10',
  },
  {
    title: 'dollars that buy too many shares',
    order: { qty: undefined, notional: '1001' },
    profile: { maxOrderQty: '10' },
    denies: 'max_order_qty',
    actual: '10.01',
  },
  { title: 'the most dollars, at the ask', profile: { maxOrderNotional: '1000' }, denies: null },
  {
    title: 'a cent too many',
    profile: { maxOrderNotional: '999.99' },
    denies: 'max_order_notional',
    limit: '999.99',
    actual: '1000',
  },
  {
    title: 'a limit price counts, not the market',
    order: { ...LIMIT, limitPrice: '50' },
    profile: { maxOrderNotional: '500' },
    denies: null,
  },
  {
    title: 'a size that cannot be priced',
    facts: { bid: null, ask: null, last: null },
    profile: { maxOrderNotional: '1' },
    denies: 'max_order_notional',
    actual: 'unknown',
  },
  {
    title: 'a buy 10 % through the ask',
    order: { ...LIMIT, limitPrice: '110' },
    profile: { priceCollarPercent: 10 },
    denies: null,
  },
  {
    title: 'a buy a cent further',
    order: { ...LIMIT, limitPrice: '110.01' },
    profile: { priceCollarPercent: 10 },
    denies: 'price_collar',
    actual: '110.01',
  },
  {
    title: 'a buy far below the market',
    order: { ...LIMIT, limitPrice: '1' },
    profile: { priceCollarPercent: 10 },
    denies: null,
  },
  {
    title: 'a sell far through the bid',
    order: { ...LIMIT, side: 'sell', limitPrice: '89' },
    profile: { priceCollarPercent: 10 },
    denies: 'price_collar',
  },
  {
    title: 'a quote at its oldest',
    facts: { quoteAgeMs: 60_000 },
    profile: { staleQuoteSeconds: 60 },
    denies: null,
  },
  {
    title: 'a quote a second older',
    facts: { quoteAgeMs: 61_000 },
    profile: { staleQuoteSeconds: 60 },
    denies: 'stale_quote',
    actual: '61 s',
  },
  {
    title: 'no quote at all',
    facts: { quoteAgeMs: null },
    profile: { staleQuoteSeconds: 60 },
    denies: 'stale_quote',
    actual: 'no quote',
  },
  {
    title: 'an old quote for a limit order',
    order: LIMIT,
    facts: { quoteAgeMs: 1e6 },
    profile: { staleQuoteSeconds: 60 },
    denies: null,
  },
  {
    title: 'an old quote while the market is closed',
    facts: { quoteAgeMs: 1e6, isMarketOpen: false },
    profile: { staleQuoteSeconds: 60 },
    denies: null,
  },
  {
    title: 'the same order after 1.999 s',
    facts: { sinceSameMs: 1999 },
    profile: { duplicateSeconds: 2 },
    denies: 'duplicate',
    actual: '1999 ms',
  },
  {
    title: 'the same order after 2 s',
    facts: { sinceSameMs: 2000 },
    profile: { duplicateSeconds: 2 },
    denies: null,
  },
  {
    title: 'the same order under a key of its own',
    order: { hasKey: true },
    facts: { sinceSameMs: 1 },
    profile: { duplicateSeconds: 2 },
    denies: null,
  },
  { title: 'the last open order', facts: { openOrders: 4 }, profile: { maxOpenOrders: 5 }, denies: null },
  {
    title: 'one open order too many',
    facts: { openOrders: 5 },
    profile: { maxOpenOrders: 5 },
    denies: 'max_open_orders',
    actual: '6',
  },
  {
    title: 'the last order of the day',
    facts: { ordersToday: 2 },
    profile: { maxOrdersADay: 3 },
    denies: null,
  },
  {
    title: 'one order too many today',
    facts: { ordersToday: 3 },
    profile: { maxOrdersADay: 3 },
    denies: 'max_orders_a_day',
    actual: '4',
  },
  {
    title: 'a loss below the limit',
    facts: { dayPl: '-99.99' },
    profile: { maxDailyLoss: '100' },
    denies: null,
  },
  {
    title: 'a loss at the limit',
    facts: { dayPl: '-100' },
    profile: { maxDailyLoss: '100' },
    denies: 'max_daily_loss',
    actual: '100',
  },
  {
    title: 'a close after the loss',
    order: { side: 'sell' },
    facts: { dayPl: '-500', heldQty: '10' },
    profile: { maxDailyLoss: '100' },
    denies: null,
  },
  {
    title: 'a flip after the loss',
    order: { side: 'sell' },
    facts: { dayPl: '-500', heldQty: '9' },
    profile: { maxDailyLoss: '100' },
    denies: 'max_daily_loss',
  },
  {
    title: 'a position at its limit',
    facts: { heldQty: '5' },
    profile: { maxPositionNotional: '1500' },
    denies: null,
  },
  {
    title: 'a position beyond it',
    facts: { heldQty: '5.01' },
    profile: { maxPositionNotional: '1500' },
    denies: 'max_position',
    actual: '1501',
  },
  {
    title: 'a short beyond it',
    order: { side: 'sell' },
    facts: { heldQty: '-10' },
    profile: { maxPositionNotional: '1500' },
    denies: 'max_position',
    actual: '1980',
  },
  {
    title: 'a position whose size is not known',
    facts: { heldQty: undefined },
    profile: { maxPositionNotional: '1500' },
    denies: 'max_position',
    actual: 'unknown',
  },
  {
    title: 'exposure beyond the limit',
    facts: { grossExposure: '9001' },
    profile: { maxGrossExposure: '10000' },
    denies: 'max_gross_exposure',
    actual: '10001',
  },
  {
    title: 'exposure that shrinks',
    order: { side: 'sell' },
    facts: { grossExposure: '99999', heldQty: '10' },
    profile: { maxGrossExposure: '10000' },
    denies: null,
  },
  {
    title: 'opening while the books differ',
    facts: { drifts: 2 },
    profile: {},
    denies: 'books_differ',
  },
  {
    title: 'opening while the books differ, where that only warns',
    facts: { drifts: 2 },
    profile: { onDrift: 'warn' },
    denies: null,
  },
  {
    title: 'a close while the books differ',
    order: { side: 'sell' },
    facts: { drifts: 2, heldQty: '10' },
    profile: {},
    denies: null,
  },
  {
    title: 'anything while the kill switch is on',
    facts: { blocked: 'account' },
    profile: {},
    denies: 'blocked',
  },
  {
    title: 'anything while the desk is stopped',
    facts: { blocked: 'desk' },
    profile: {},
    denies: 'blocked',
    actual: 'desk',
  },
  {
    title: 'anything to a live account that is not armed',
    facts: { liveStop: 'disarmed' },
    profile: {},
    denies: 'live_switch',
    actual: 'disarmed',
  },
  {
    title: 'more than a close to a live account while live trading is off',
    order: { side: 'sell' },
    facts: { liveStop: 'off', heldQty: '9' },
    profile: {},
    denies: 'live_switch',
    actual: 'off',
  },
  {
    title: 'a close of a live account that is not armed',
    order: { side: 'sell' },
    facts: { liveStop: 'disarmed', heldQty: '10' },
    profile: {},
    denies: null,
  },
  {
    title: 'a stock where only options may be traded',
    profile: { allowedClasses: ['us_option'] },
    denies: 'allowed_classes',
    actual: 'us_equity',
  },
  {
    title: 'a stock where stocks may be traded',
    profile: { allowedClasses: ['us_equity'] },
    denies: null,
  },
  {
    title: 'an order outside regular hours where only those are allowed',
    facts: { isMarketOpen: false },
    profile: { regularHoursOnly: true },
    denies: 'session',
  },
  {
    title: 'an order in regular hours where only those are allowed',
    profile: { regularHoursOnly: true },
    denies: null,
  },
  {
    title: 'an order above the buying power',
    facts: { buyingPower: '10' },
    profile: { checkBuyingPower: true },
    denies: 'buying_power',
    limit: '10',
  },
  {
    title: 'a close above the buying power',
    order: { side: 'sell' },
    facts: { buyingPower: '10', heldQty: '10' },
    profile: { checkBuyingPower: true },
    denies: null,
  },
  {
    title: 'an order whose buying power is not known',
    facts: { buyingPower: undefined },
    profile: { checkBuyingPower: true },
    denies: 'buying_power',
  },
  {
    title: 'a close while the kill switch is on',
    order: { side: 'sell' },
    facts: { blocked: 'account', heldQty: '10' },
    profile: {},
    denies: null,
  },
  {
    title: 'a cover while the kill switch is on',
    facts: { blocked: 'account', heldQty: '-10' },
    profile: {},
    denies: null,
  },
];

describe('risk rules', () => {
  test.each(ROWS)('$title: $denies', ({ order, facts, profile, denies, limit, actual }) => {
    const found = riskDenials({ ...BUY, ...order }, { ...FACTS, ...facts }, { ...FREE, ...profile });
    const said = { ...(limit === undefined ? {} : { limit }), ...(actual === undefined ? {} : { actual }) };
    expect(found).toMatchObject(denies === null ? [] : [{ rule: denies, ...said }]);
  });

  test('names every rule that is broken, not only the first', () => {
    const profile = { ...FREE, maxOrderQty: '1', maxOrderNotional: '1', allowedSymbols: ['SPY'] };
    expect(riskDenials(BUY, FACTS, profile).map(({ rule }) => rule)).toEqual([
      'allowed_symbols',
      'max_order_qty',
      'max_order_notional',
    ]);
  });

  test('a tighter limit never lets through what a wider one denies (2,000 random orders)', () => {
    const amount = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(amount, amount, amount, (qty, wide, cut) => {
        const order = { ...BUY, qty: String(qty) };
        const tight = Math.max(1, wide - cut);
        const denials = (limit: number) =>
          riskDenials(order, FACTS, { ...FREE, maxOrderQty: String(limit) }).length;
        expect(denials(tight)).toBeGreaterThanOrEqual(denials(wide));
      }),
      { numRuns: 2_000 },
    );
  });

  test('asks for the facts of the limits that are set, and for no others', () => {
    const none = {
      openOrders: false,
      ordersToday: false,
      account: false,
      buyingPower: false,
      optionsLevel: false,
      positions: false,
    };
    expect(factsNeeded([FREE, FREE])).toEqual(none);
    expect(factsNeeded([FREE, { ...FREE, maxOpenOrders: 1 }])).toEqual({ ...none, openOrders: true });
    expect(factsNeeded([{ ...FREE, maxDailyLoss: '1' }])).toEqual({
      ...none,
      account: true,
      positions: true,
    });
  });
});
