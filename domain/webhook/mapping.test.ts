import { describe, expect, test } from 'vitest';
import { mappingFaults, orderOfAlert } from './mapping';

const ALERT = {
  ticker: 'AAPL',
  strategy: { order: { action: 'buy', contracts: 2.5, id: 'Long' }, prices: ['230.10', 231] },
  done: false,
};
const MAPPED = {
  symbol: '{{ticker}}',
  side: '{{strategy.order.action}}',
  qty: '{{strategy.order.contracts}}',
};
const ofMapping = (mapping: object, alert: object = ALERT) =>
  orderOfAlert({ ...alert }, JSON.stringify({ ...MAPPED, ...mapping }));

describe('an alert becomes an order', () => {
  test.each([
    ['by paths', {}, { symbol: 'AAPL', side: 'buy', qty: '2.5', type: 'market', timeInForce: 'day' }],
    [
      'with fixed values',
      { side: 'sell', qty: 3, time_in_force: 'gtc' },
      { side: 'sell', qty: '3', timeInForce: 'gtc' },
    ],
    ['by places in a list', { limit_price: '{{strategy.prices.1}}', type: 'limit' }, { limitPrice: '231' }],
    ['with spaces in the braces', { symbol: '{{ ticker }}' }, { symbol: 'AAPL' }],
    [
      'with exits',
      {
        qty: 2,
        order_class: 'bracket',
        take_profit: { limit_price: '{{strategy.prices.1}}' },
        stop_loss: { stop_price: '{{strategy.prices.0}}', limit_price: 229 },
      },
      { takeProfit: { limitPrice: '231' }, stopLoss: { stopPrice: '230.1', limitPrice: '229' } },
    ],
  ])('%s', (_how, mapping, expected) => {
    expect(ofMapping(mapping)).toMatchObject({ order: expected, faults: null });
  });

  test('in the REST form without a mapping', () => {
    const alert = { symbol: 'spy', side: 'sell', notional: 250, client_order_id: 'mine' };
    expect(orderOfAlert(alert, null).order).toMatchObject({
      symbol: 'SPY',
      notional: '250',
      clientOrderId: 'mine',
    });
  });
});

describe('an alert is refused', () => {
  test.each([
    ['where it lacks a value', { qty: '{{strategy.order.size}}' }, 'qty', /no strategy\.order\.size/],
    ['where a path leads through a text', { qty: '{{ticker.length}}' }, 'qty', /no ticker\.length/],
    ['where a path leads to what all objects have', { qty: '{{strategy.toString}}' }, 'qty', /no strategy/],
    ['where a value is no side', { side: '{{ticker}}' }, 'side', /expected one of/],
    ['where a value is a whole object', { symbol: '{{strategy}}' }, 'symbol', /expected string/],
    ['where a price is too fine', { type: 'limit', limit_price: '1.001' }, 'limit_price', /finer than/],
    ['where its rules want more', { type: 'stop' }, 'stop_price', /required/],
    ['where a value is false', { qty: '{{done}}' }, 'qty', /plain decimal/],
  ])('%s', (_why, mapping, field, says) => {
    const { order, faults } = ofMapping(mapping);
    expect(order).toBeNull();
    expect(faults?.[0]).toEqual({ field, message: expect.stringMatching(says) });
  });

  test.each([
    [{ quantity: 1 }, 'quantity'],
    [{ limitPrice: 1 }, 'limitPrice'],
    [{ account_id: 'x' }, 'account_id'],
    [{ idempotency_key: '12345678' }, 'idempotency_key'],
    [{ take_profit: { price: 1 } }, 'take_profit.price'],
    [{ take_profit: 1 }, 'take_profit'],
    [{ [`whsec_${'s'.repeat(43)}`]: 1 }, '(a field)'],
  ])('that has %o, and is told so', (more, field) => {
    const { faults } = orderOfAlert({ symbol: 'SPY', side: 'buy', qty: 1, ...more }, null);
    expect(faults?.map((fault) => fault.field)).toEqual([field]);
  });

  test('that would change what all objects have', () => {
    const alert = JSON.parse('{"symbol":"SPY","side":"buy","qty":1,"__proto__":{"polluted":1}}');
    expect(orderOfAlert(alert, null).faults?.map(({ field }) => field)).toEqual(['__proto__']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('a mapping', () => {
  test.each([
    [MAPPED],
    [{ symbol: 'SPY', side: 'buy', notional: 100 }],
    [
      {
        ...MAPPED,
        order_class: 'bracket',
        take_profit: { limit_price: '{{a}}' },
        stop_loss: { stop_price: '{{b}}' },
      },
    ],
    [{ ...MAPPED, type: 'limit', limit_price: '{{a}}', extended_hours: true }],
  ])('such as %o is kept', (mapping) => {
    expect(mappingFaults(JSON.stringify(mapping))).toEqual([]);
  });

  test.each([
    [{ ...MAPPED, symbol: '{{ticker}}.US' }, 'symbol', /one \{\{path\}\}/],
    [{ ...MAPPED, qty: '{{a + b}}' }, 'qty', /one \{\{path\}\}/],
    [{ ...MAPPED, qty: '{{a.__proto__.b}}' }, 'qty', /through __proto__/],
    [{ ...MAPPED, symbol: '{{token}}' }, 'symbol', /through token/],
    [{ ...MAPPED, qty: ['{{a}}'] }, 'qty', /must be a text/],
    [{ ...MAPPED, qty: null }, 'qty', /must be a text/],
    [{ ...MAPPED, side: 'hold' }, 'side', /expected one of/],
    [{ ...MAPPED, type: 'limitt' }, 'type', /expected one of/],
    [{ ...MAPPED, qty: '1e3' }, 'qty', /plain decimal/],
    [{ ...MAPPED, size: '{{a}}' }, 'size', /not a field of an order/],
    [{ side: 'buy', qty: 1 }, 'symbol', /must be mapped/],
    [{ symbol: 'SPY', side: 'buy' }, 'qty', /must be mapped/],
    [{ symbol: 'SPY', side: 'buy', qty: 1, type: 'stop' }, 'stop_price', /required/],
  ])('such as %o is not', (mapping, field, says) => {
    expect(mappingFaults(JSON.stringify(mapping))[0]).toEqual({
      field,
      message: expect.stringMatching(says),
    });
  });

  test.each(['', 'x', '[]', '1', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`])(
    'must be an object: %s',
    (text) => {
      expect(mappingFaults(text)).toEqual([{ field: 'mapping', message: 'must be a JSON object' }]);
    },
  );
});
