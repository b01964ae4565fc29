import { describe, expect, test } from 'vitest';
import { exact } from '../money';
import type { OrderLeg } from '../order/order';
import type { RiskFacts, RiskOrder } from './facts';
import { maxLoss } from './max-loss';
import { NO_LIMITS, type RiskProfile } from './profile';
import { riskDenials } from './rules';

const name = (strike: number, kind: 'C' | 'P', day = '261218') =>
  `AAPL${day}${kind}${String(strike * 1000).padStart(8, '0')}`;
const buy = (symbol: string, ratioQty = '1'): OrderLeg => ({
  symbol,
  side: 'buy',
  ratioQty,
  positionIntent: 'buy_to_open',
});
const sell = (symbol: string, ratioQty = '1'): OrderLeg => ({
  symbol,
  side: 'sell',
  ratioQty,
  positionIntent: 'sell_to_open',
});
const CALL = name(250, 'C');
const TERMS = { timeInForce: 'day', extendedHours: false, hasKey: false } as const;
const ONE: RiskOrder = {
  ...TERMS,
  symbol: CALL,
  side: 'buy',
  type: 'market',
  orderClass: 'simple',
  qty: '2',
};
const SPREAD: RiskOrder = {
  ...TERMS,
  symbol: '',
  side: 'buy',
  type: 'limit',
  limitPrice: '-2',
  orderClass: 'mleg',
  qty: '3',
  legs: [sell(name(250, 'P')), buy(name(245, 'P'))],
};
const FACTS: RiskFacts = {
  blocked: null,
  liveStop: null,
  drifts: 0,
  bid: '4.90',
  ask: '5.00',
  last: null,
  quoteAgeMs: 100,
  isMarketOpen: true,
  sinceSameMs: null,
  buyingPower: '1000',
  heldQty: '0',
  coveringShares: '0',
  heldLegs: new Map(),
  grossExposure: '0',
};

type Row = [
  title: string,
  order: RiskOrder,
  facts: Partial<RiskFacts>,
  profile: Partial<RiskProfile>,
  denies: string | null,
];

const CLOSING: RiskOrder = {
  ...SPREAD,
  legs: [
    { ...buy(name(250, 'P')), positionIntent: 'buy_to_close' },
    { ...sell(name(245, 'P')), positionIntent: 'sell_to_close' },
  ],
};
const HELD = new Map([
  [name(250, 'P'), '-3'],
  [name(245, 'P'), '4'],
]);

describe('risk rules of options', () => {
  test.each<Row>([
    ['a contract is a hundred shares: at the limit', ONE, {}, { maxOrderNotional: '1000' }, null],
    ['and beyond it', ONE, {}, { maxOrderNotional: '999.99' }, 'max_order_notional'],
    ['a position counts so too', ONE, { heldQty: '1' }, { maxPositionNotional: '1499' }, 'max_position'],
    ['contracts are counted', ONE, {}, { maxOrderQty: '1' }, 'max_order_qty'],
    [
      'without a quote its worth is unknown',
      ONE,
      { ask: null },
      { maxOrderNotional: '9999' },
      'max_order_notional',
    ],
    ['a spread is worth what it can lose', SPREAD, {}, { maxOrderNotional: '900' }, null],
    ['and a dollar less is too little', SPREAD, {}, { maxOrderNotional: '899' }, 'max_order_notional'],
    [
      'buying power holds the loss',
      SPREAD,
      { buyingPower: '899' },
      { checkBuyingPower: true },
      'buying_power',
    ],
    ['the underlying is on the list', ONE, {}, { allowedSymbols: ['AAPL'] }, null],
    ['the underlying is not', SPREAD, {}, { allowedSymbols: ['SPY'] }, 'allowed_symbols'],
    ['stocks only', SPREAD, {}, { allowedClasses: ['us_equity'] }, 'allowed_classes'],
    ['options allowed', ONE, {}, { allowedClasses: ['us_option'] }, null],
    ['level 2 buys', ONE, {}, { maxOptionsLevel: 2 }, null],
    ['level 1 does not', ONE, {}, { maxOptionsLevel: 1 }, 'max_options_level'],
    ['level 2 trades no spreads', SPREAD, {}, { maxOptionsLevel: 2 }, 'max_options_level'],
    ['level 3 does', SPREAD, {}, { maxOptionsLevel: 3 }, null],
    ['a covered call', { ...ONE, side: 'sell' }, { coveringShares: '200' }, { maxOptionsLevel: 1 }, null],
    [
      'a call that a share is missing for',
      { ...ONE, side: 'sell' },
      { coveringShares: '199' },
      { maxOptionsLevel: 2 },
      'max_options_level',
    ],
    ['a put sold', { ...ONE, side: 'sell', symbol: name(240, 'P') }, {}, { maxOptionsLevel: 1 }, null],
    [
      'level 0 sells none',
      { ...ONE, side: 'sell', symbol: name(240, 'P') },
      {},
      { maxOptionsLevel: 0 },
      'max_options_level',
    ],
    ['closing needs no level', { ...ONE, side: 'sell' }, { heldQty: '2' }, { maxOptionsLevel: 0 }, null],
    ['closing a spread needs none', CLOSING, { heldLegs: HELD }, { maxOptionsLevel: 0 }, null],
    ['closing a spread passes the kill switch', CLOSING, { blocked: 'account', heldLegs: HELD }, {}, null],
    ['opening one does not', SPREAD, { blocked: 'account', heldLegs: HELD }, {}, 'blocked'],
    [
      'closing one leg beyond what is held does not',
      { ...CLOSING, qty: '4' },
      { blocked: 'account', heldLegs: HELD },
      {},
      'blocked',
    ],
    ['a stock needs no level', { ...ONE, symbol: 'AAPL' }, {}, { maxOptionsLevel: 0 }, null],
    [
      '10 % through the ask',
      { ...ONE, type: 'limit', limitPrice: '5.5' },
      {},
      { priceCollarPercent: 10 },
      null,
    ],
    [
      'a cent further',
      { ...ONE, type: 'limit', limitPrice: '5.51' },
      {},
      { priceCollarPercent: 10 },
      'price_collar',
    ],
    [
      'a nickel through a cheap one',
      { ...ONE, type: 'limit', limitPrice: '0.1' },
      { ask: '0.05' },
      { priceCollarPercent: 10 },
      null,
    ],
    [
      'a limit nobody quotes',
      { ...ONE, type: 'limit', limitPrice: '1' },
      { bid: null, ask: null },
      { priceCollarPercent: 10 },
      'price_collar',
    ],
    [
      'giving away more than 10 % of a credit',
      SPREAD,
      { ask: '-2.5', bid: '-2.7' },
      { priceCollarPercent: 10 },
      'price_collar',
    ],
    ['less than that', SPREAD, { ask: '-2.2', bid: '-2.4' }, { priceCollarPercent: 10 }, null],
  ])('%s', (_title, order, facts, profile, denies) => {
    const [first = null] = riskDenials(order, { ...FACTS, ...facts }, { ...NO_LIMITS, ...profile });
    expect(first?.rule ?? null).toBe(denies);
  });
});

describe('the most a multi-leg order can lose', () => {
  const lossOf = (legs: OrderLeg[], net: number) => maxLoss(legs, exact(net))?.toFixed() ?? null;

  test.each<[string, OrderLeg[], number, string | null]>([
    ['a debit spread its price', [buy(name(250, 'C')), sell(name(260, 'C'))], 4, '4'],
    ['a credit spread its width less the credit', [sell(name(250, 'C')), buy(name(260, 'C'))], -4, '6'],
    [
      'an iron condor its wider wing',
      [buy(name(230, 'P')), sell(name(240, 'P')), sell(name(260, 'C')), buy(name(265, 'C'))],
      -3,
      '7',
    ],
    ['a butterfly its price', [buy(name(240, 'C')), sell(name(250, 'C'), '2'), buy(name(260, 'C'))], 1, '1'],
    ['a straddle its price', [buy(name(250, 'C')), buy(name(250, 'P'))], 9, '9'],
    ['a calendar its price', [buy(name(250, 'C', '270115')), sell(name(250, 'C'))], 2, '2'],
    ['free money nothing', [sell(name(250, 'C')), buy(name(255, 'C'))], -6, '0'],
    ['an uncovered one has no bound', [sell(name(250, 'C')), buy(name(250, 'P'))], 0, null],
  ])('is for %s', (_title, legs, net, loss) => {
    expect(lossOf(legs, net)).toBe(loss);
  });

  test('is not told of an order that closes', () => {
    const [first, second] = CLOSING.legs ?? [];
    expect(first !== undefined && second !== undefined && lossOf([first, second], 1)).toBeNull();
  });
});
