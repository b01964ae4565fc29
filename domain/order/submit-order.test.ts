import { describe, expect, test } from 'vitest';
import { priceFault, qtyFault } from './amount-rules';
import { submitOrderInput } from './submit-order';

const market = { symbol: 'AAPL', side: 'buy', qty: '1' };
const limit = { ...market, type: 'limit', limitPrice: '100' };

const faultsOf = (order: object) =>
  submitOrderInput
    .safeParse(order)
    .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];

describe('submitOrderInput', () => {
  test('fills in a market day order and canonical decimals', () => {
    expect(submitOrderInput.parse({ symbol: ' brk.b ', side: 'sell', qty: 2.5 })).toEqual({
      symbol: 'BRK.B',
      side: 'sell',
      type: 'market',
      timeInForce: 'day',
      qty: '2.5',
      extendedHours: false,
      orderClass: 'simple',
    });
  });

  test.each<[string, object]>([
    ['a stop order', { ...market, type: 'stop', stopPrice: '9', timeInForce: 'gtc' }],
    ['a stop-limit order', { ...limit, type: 'stop_limit', stopPrice: '9' }],
    ['a trailing stop by percent', { ...market, type: 'trailing_stop', trailPercent: '2.5' }],
    ['immediate or cancel', { ...market, timeInForce: 'ioc' }],
    ['a limit order in extended hours', { ...limit, extendedHours: true }],
    [
      'a bracket',
      { ...market, orderClass: 'bracket', takeProfit: { limitPrice: '11' }, stopLoss: { stopPrice: '9' } },
    ],
    [
      'a bracket that sells short',
      {
        ...market,
        side: 'sell',
        orderClass: 'bracket',
        takeProfit: { limitPrice: '9' },
        stopLoss: { stopPrice: '11' },
      },
    ],
    [
      'an oco that closes a long position',
      {
        ...limit,
        side: 'sell',
        orderClass: 'oco',
        takeProfit: { limitPrice: '11' },
        stopLoss: { stopPrice: '9' },
      },
    ],
    ['an oto with a stop', { ...market, orderClass: 'oto', stopLoss: { stopPrice: '9' } }],
    ['a limit order', limit],
    ['a limit order until cancelled', { ...limit, timeInForce: 'gtc' }],
    ['a price of a hundredth of a cent below $1', { ...limit, limitPrice: '0.9999' }],
    ['nine decimals of a share', { ...market, qty: '0.000000001' }],
    ['the largest quantity', { ...market, qty: '1000000000' }],
    ['dollars instead of shares', { symbol: 'AAPL', side: 'buy', notional: '1.00' }],
    ['ids of the caller', { ...market, clientOrderId: 'my-order:1', idempotencyKey: '12345678' }],
  ])('accepts %s', (_title, order) => {
    expect(faultsOf(order)).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['neither quantity nor dollars', { symbol: 'AAPL', side: 'buy' }, /^qty is required/],
    ['both quantity and dollars', { ...market, notional: '10' }, /^qty and notional exclude each other/],
    ['quantity 0', { ...market, qty: '0' }, /^qty must be above 0/],
    ['a quantity below 0', { ...market, qty: '-1' }, /^qty must be above 0/],
    ['ten decimals of a share', { ...market, qty: '0.0000000001' }, /^qty has at most 9 decimals/],
    ['one share too many', { ...market, qty: '1000000001' }, /^qty must not be above 1000000000/],
    ['a limit order without a price', { ...market, type: 'limit' }, /^limitPrice is required/],
    [
      'a market order with a price',
      { ...market, type: 'market', limitPrice: '1' },
      /^limitPrice does not belong to a market/,
    ],
    ['a price of half a cent', { ...limit, limitPrice: '1.005' }, /^limitPrice 1.005 is finer than the cent/],
    ['a price of five decimals below $1', { ...limit, limitPrice: '0.00001' }, /hundredth of a cent/],
    ['a price of 0', { ...limit, limitPrice: '0' }, /^limitPrice must be above 0/],
    ['a fraction until cancelled', { ...market, qty: '0.5', timeInForce: 'gtc' }, /^timeInForce must be day/],
    ['dollars at a limit', { ...limit, qty: undefined, notional: '10' }, /^notional belongs to market day/],
    ['99 cents', { symbol: 'AAPL', side: 'buy', notional: '0.99' }, /^notional must be at least 1/],
    ['a tenth of a cent', { symbol: 'AAPL', side: 'buy', notional: '1.001' }, /^notional has at most 2/],
    ['a stop order without its stop', { ...market, type: 'stop' }, /^stopPrice is required for a stop order/],
    [
      'a stop order with a limit',
      { ...limit, type: 'stop', stopPrice: '9' },
      /^limitPrice does not belong to a stop order/,
    ],
    [
      'a stop-limit order without its limit',
      { ...market, type: 'stop_limit', stopPrice: '9' },
      /^limitPrice is required/,
    ],
    [
      'a stop order at once or not',
      { ...market, type: 'stop', stopPrice: '9', timeInForce: 'ioc' },
      /^timeInForce of a stop order/,
    ],
    ['a trail of nothing', { ...market, type: 'trailing_stop' }, /^trailPrice or trailPercent/],
    [
      'a trail of both kinds',
      { ...market, type: 'trailing_stop', trailPrice: '1', trailPercent: '1' },
      /^trailPrice or trailPercent/,
    ],
    [
      'a trail of 0.05 %',
      { ...market, type: 'trailing_stop', trailPercent: '0.05' },
      /^trailPercent must be at least 0.1/,
    ],
    [
      'a market order in extended hours',
      { ...market, extendedHours: true },
      /^extendedHours is for limit orders/,
    ],
    [
      'exits on a simple order',
      { ...market, takeProfit: { limitPrice: '9' } },
      /^orderClass must be bracket/,
    ],
    [
      'a bracket without a stop',
      { ...market, orderClass: 'bracket', takeProfit: { limitPrice: '9' } },
      /^orderClass bracket needs/,
    ],
    [
      'a bracket upside down',
      { ...market, orderClass: 'bracket', takeProfit: { limitPrice: '9' }, stopLoss: { stopPrice: '10' } },
      /^takeProfit.limitPrice must be above/,
    ],
    [
      'a bracket of a fraction',
      {
        ...market,
        qty: '0.5',
        orderClass: 'bracket',
        takeProfit: { limitPrice: '11' },
        stopLoss: { stopPrice: '10' },
      },
      /^qty must be whole/,
    ],
    [
      'an oco at market',
      { ...market, orderClass: 'oco', takeProfit: { limitPrice: '11' }, stopLoss: { stopPrice: '10' } },
      /^type of an oco/,
    ],
    [
      'an oto with both exits',
      { ...market, orderClass: 'oto', takeProfit: { limitPrice: '11' }, stopLoss: { stopPrice: '10' } },
      /^orderClass oto needs one/,
    ],
    [
      'an exit finer than a cent',
      { ...market, orderClass: 'oto', stopLoss: { stopPrice: '10.001' } },
      /^stopLoss.stopPrice 10.001 is finer/,
    ],
    ['a client order id with a space', { ...market, clientOrderId: 'a b' }, /^clientOrderId /],
    ['a short idempotency key', { ...market, idempotencyKey: '1234567' }, /^idempotencyKey /],
    ['a field that is none', { ...market, userId: 'usr_1' }, /userId/],
  ])('refuses %s', (_title, order, fault) => {
    expect(faultsOf(order).join('; ')).toMatch(fault);
  });
});

test.each([
  ['1', null],
  ['0.9999', null],
  ['0.99999', /4 decimals/],
  ['1.00', null],
  ['1.001', /2 decimals/],
  ['-1', /above 0/],
])('the price %s is judged by the step of its size', (price, fault) => {
  expect(priceFault(price) ?? '').toMatch(fault ?? /^$/);
});

test.each([
  ['1', null],
  ['0', /above 0/],
  ['1000000000.1', /not be above/],
])('the quantity %s is judged', (qty, fault) => {
  expect(qtyFault(qty) ?? '').toMatch(fault ?? /^$/);
});
