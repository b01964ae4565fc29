import { describe, expect, test } from 'vitest';
import { anOrder } from './testing/an-order';
import { changeFault } from './replace-order';
import { submitOrderInput } from './submit-order';

const CALL = 'AAPL261218C00250000';
const option = { symbol: CALL, side: 'buy', qty: '1' };
const long = { symbol: CALL, side: 'buy', ratioQty: '1', positionIntent: 'buy_to_open' };
const short = {
  symbol: 'AAPL261218C00260000',
  side: 'sell',
  ratioQty: '1',
  positionIntent: 'sell_to_open',
};
const spread = { orderClass: 'mleg', qty: '2', legs: [long, short] };

const faultsOf = (order: object) =>
  submitOrderInput
    .safeParse(order)
    .error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];

describe('an order in one option', () => {
  test.each<[string, object]>([
    ['at market, its symbol in any case', { ...option, symbol: ' aapl261218c00250000 ' }],
    ['with a limit', { ...option, limitPrice: '1.05' }],
    ['with an intent', { ...option, side: 'sell', positionIntent: 'sell_to_close' }],
    ['in an adjusted contract', { ...option, symbol: 'F1261218C00013000' }],
  ])('passes %s', (_title, order) => {
    expect(faultsOf(order)).toEqual([]);
    expect(submitOrderInput.parse(order).symbol).not.toMatch(/[a-z ]/);
  });

  test.each<[string, object, string]>([
    ['a stop', { ...option, type: 'stop', stopPrice: '1' }, 'type of an option order must be market'],
    ['gtc', { ...option, timeInForce: 'gtc' }, 'timeInForce of an option order must be day'],
    ['half a contract', { ...option, qty: '1.5' }, 'qty must be whole contracts'],
    ['dollars', { symbol: CALL, side: 'buy', notional: '100' }, 'notional does not belong to an option'],
    [
      'extended hours',
      { ...option, limitPrice: '1', extendedHours: true },
      'extendedHours does not belong to an option order',
    ],
    [
      'exits',
      { ...option, orderClass: 'oto', stopLoss: { stopPrice: '1' } },
      'orderClass of an option order must be simple or mleg',
    ],
    [
      'an intent of the other side',
      { ...option, positionIntent: 'sell_to_close' },
      'positionIntent does not go with side buy',
    ],
    ['no such symbol', { ...option, symbol: 'AAPL2612C250' }, 'symbol must be a ticker such as AAPL'],
    ['legs', { ...option, legs: [long, short] }, 'legs belong to an order of class mleg only'],
    ['no symbol', { side: 'buy', qty: '1' }, 'symbol is required'],
    ['no side', { symbol: CALL, qty: '1' }, 'side is required'],
  ])('refuses %s by its field', (_title, order, fault) => {
    expect(faultsOf(order)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('an order of several options', () => {
  test('buys its legs as one and has no symbol of its own', () => {
    expect(submitOrderInput.parse(spread)).toMatchObject({ symbol: '', side: 'buy', type: 'market' });
  });

  test.each<[string, object]>([
    ['a debit', { ...spread, limitPrice: '1.20' }],
    ['a credit', { ...spread, limitPrice: '-1.20' }],
    ['even money', { ...spread, limitPrice: 0 }],
    ['two for one', { ...spread, legs: [{ ...long, ratioQty: 2 }, short] }],
    [
      'closing a short without cover in the order',
      {
        ...spread,
        legs: [
          { ...short, side: 'buy', positionIntent: 'buy_to_close' },
          { ...long, side: 'sell', positionIntent: 'sell_to_close' },
        ],
      },
    ],
    [
      'a diagonal whose bought leg lives longer',
      { ...spread, legs: [{ ...long, symbol: 'AAPL270115C00240000' }, short] },
    ],
  ])('passes %s', (_title, order) => {
    expect(faultsOf(order)).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['one leg', { ...spread, legs: [long] }, 'legs must be 2 to 4'],
    ['no legs', { ...spread, legs: undefined }, 'legs must be 2 to 4'],
    ['a symbol', { ...spread, symbol: 'AAPL' }, 'symbol does not belong'],
    ['a side', { ...spread, side: 'sell' }, 'side does not belong'],
    ['no quantity', { ...spread, qty: undefined }, 'qty is required'],
    ['half a unit', { ...spread, qty: '0.5' }, 'qty must be whole contracts'],
    ['a stop price', { ...spread, stopPrice: '1' }, 'stopPrice does not belong'],
    ['a limit order without a price', { ...spread, type: 'limit' }, 'limitPrice is required'],
    ['a market order with one', { ...spread, type: 'market', limitPrice: '1' }, 'limitPrice does not'],
    ['parts of a cent', { ...spread, limitPrice: '-0.005' }, 'limitPrice of an mleg order has at most'],
    ['a stock', { ...spread, legs: [long, { ...short, symbol: 'AAPL' }] }, 'legs.1.symbol must be an option'],
    ['half a ratio', { ...spread, legs: [long, { ...short, ratioQty: '0.5' }] }, 'legs.1.ratioQty must'],
    [
      'an intent of the other side',
      { ...spread, legs: [{ ...long, positionIntent: 'sell_to_open' }, short] },
      'legs.0.positionIntent does not go with side buy',
    ],
    [
      'a contract twice',
      { ...spread, legs: [long, { ...short, symbol: CALL }] },
      'legs must each be another',
    ],
    [
      'two underlyings',
      { ...spread, legs: [{ ...long, symbol: 'SPY261218C00600000' }, short] },
      'legs must be on the same underlying',
    ],
    [
      'ratios that could be lower',
      {
        ...spread,
        legs: [
          { ...long, ratioQty: '2' },
          { ...short, ratioQty: '2' },
        ],
      },
      'legs must have ratios in lowest terms',
    ],
    [
      'more sold than bought',
      { ...spread, legs: [long, { ...short, ratioQty: '2' }] },
      'legs sold to open must be covered',
    ],
    [
      'a cover that expires first',
      { ...spread, legs: [{ ...long, symbol: 'AAPL261120C00250000' }, short] },
      'legs sold to open must be covered',
    ],
  ])('refuses %s by its field', (_title, order, fault) => {
    expect(faultsOf(order)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('a change of a working order', () => {
  const working = anOrder('1', { orderClass: 'mleg', symbol: '' });

  test('may ask a multi-leg order for a credit, and no other', () => {
    expect(changeFault(working, { id: '1', limitPrice: '-0.5' })).toBeNull();
    expect(changeFault(anOrder('2'), { id: '2', limitPrice: '-0.5' })?.field).toBe('limitPrice');
  });

  test('keeps options to whole contracts and to the day', () => {
    const call = anOrder('2', { symbol: CALL });
    expect(changeFault(call, { id: '2', qty: '1.5' })?.field).toBe('qty');
    expect(changeFault(working, { id: '1', timeInForce: 'gtc' })?.field).toBe('timeInForce');
    expect(changeFault(anOrder('3'), { id: '3', qty: '1.5', timeInForce: 'gtc' })).toBeNull();
  });

  test('is not for a leg alone', () => {
    expect(
      changeFault(anOrder('2', { orderClass: 'mleg', symbol: CALL }), { id: '2', qty: '3' })?.message,
    ).toContain('change that order');
  });
});
