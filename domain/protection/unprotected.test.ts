import { describe, expect, test } from 'vitest';
import { type GroupOrder, unprotected } from './unprotected';

let made = 0;
function order(over: Partial<GroupOrder>): GroupOrder {
  made += 1;
  return {
    id: `order-${made}`,
    side: 'buy',
    type: 'market',
    status: 'filled',
    qty: '10',
    filledQty: '0',
    orderClass: 'bracket',
    parentId: null,
    replacesId: null,
    reason: null,
    createdAt: `2026-11-20T15:00:${String(made).padStart(2, '0')}Z`,
    isCancelMeant: false,
    wantsStop: false,
    ...over,
  };
}

const entry = (over: Partial<GroupOrder> = {}) =>
  order({ id: 'entry', filledQty: '10', wantsStop: true, ...over });
const stop = (over: Partial<GroupOrder> = {}) =>
  order({ side: 'sell', type: 'stop', status: 'held', parentId: 'entry', ...over });
const profit = (over: Partial<GroupOrder> = {}) =>
  order({ side: 'sell', type: 'limit', status: 'new', parentId: 'entry', ...over });

describe('a position is unprotected', () => {
  test.each([
    ['rejected', 'rejected'],
    ['canceled', 'canceled'],
    ['expired', 'expired'],
  ] as const)('when its stop was %s', (status, reason) => {
    const reasonOf = { code: 'x', message: 'no such price' };
    const found = unprotected('10', [entry(), profit(), stop({ status, reason: reasonOf })]);
    expect(found).toEqual([{ orderId: 'entry', qty: '10', side: 'sell', reason, message: 'no such price' }]);
  });

  test('when the venue names no stop at all', () => {
    expect(unprotected('10', [entry(), profit()])).toMatchObject([{ reason: 'missing', qty: '10' }]);
  });

  test('when an entry ended part filled, and its exits with it', () => {
    const part = entry({ status: 'canceled', filledQty: '4', isCancelMeant: true });
    expect(unprotected('4', [part, stop({ status: 'canceled' })])).toMatchObject([{ qty: '4' }]);
  });

  test('by the stop of the other exit, cancelled with it by the venue', () => {
    const exits = [profit({ status: 'canceled', isCancelMeant: true }), stop({ status: 'canceled' })];
    expect(unprotected('10', [entry(), ...exits])).toMatchObject([{ reason: 'canceled' }]);
  });

  test('on the short side, too', () => {
    const orders = [entry({ side: 'sell' }), stop({ side: 'buy', status: 'rejected' })];
    expect(unprotected('-10', orders)).toMatchObject([{ side: 'buy', qty: '10' }]);
  });

  test('for what is left of it, and never for more than is held', () => {
    const orders = [entry(), profit({ filledQty: '3' }), stop({ status: 'rejected' })];
    expect(unprotected('7', orders)).toMatchObject([{ qty: '7' }]);
    expect(unprotected('2', orders)).toMatchObject([{ qty: '2' }]);
  });

  test('when an oco has lost its stop', () => {
    const oco = order({
      id: 'entry',
      orderClass: 'oco',
      side: 'sell',
      type: 'limit',
      status: 'new',
      wantsStop: true,
    });
    expect(unprotected('10', [oco, stop({ orderClass: 'oco', status: 'rejected' })])).toMatchObject([
      { qty: '10' },
    ]);
  });

  test('when the entry was replaced before it filled', () => {
    const orders = [
      entry({ status: 'replaced', filledQty: '0' }),
      order({ id: 'heir', replacesId: 'entry', filledQty: '12', qty: '12' }),
      stop({ status: 'rejected' }),
    ];
    expect(unprotected('12', orders)).toMatchObject([{ orderId: 'heir', qty: '12' }]);
  });
});

describe('a position is not unprotected', () => {
  test.each([
    ['while its stop is held or works', [entry(), stop()]],
    ['when it is flat', [entry(), stop({ status: 'rejected' })], '0'],
    ['when it is on the other side', [entry(), stop({ status: 'rejected' })], '-10'],
    [
      'when the take profit has sold it',
      [entry(), profit({ status: 'filled', filledQty: '10' }), stop({ status: 'canceled' })],
    ],
    ['while the entry still works', [entry({ status: 'partially_filled', filledQty: '4' })], '4'],
    [
      'when its owner cancelled what stood in for it',
      [
        entry(),
        stop({ status: 'rejected' }),
        stop({ parentId: null, orderClass: 'simple', status: 'canceled', isCancelMeant: true }),
      ],
    ],
    ['when its owner cancelled the stop', [entry(), stop({ status: 'canceled', isCancelMeant: true })]],
    ['when no stop was asked for', [entry({ wantsStop: false, orderClass: 'oto' }), profit()]],
    [
      'when another stop stands in',
      [entry(), stop({ status: 'rejected' }), stop({ parentId: null, orderClass: 'simple', status: 'new' })],
    ],
    [
      'when the stop was replaced',
      [
        entry(),
        stop({ id: 'old', status: 'replaced' }),
        stop({ parentId: null, replacesId: 'old', status: 'new' }),
      ],
    ],
  ] as const)('%s', (_title, orders, held: string = '10') => {
    expect(unprotected(held, orders)).toEqual([]);
  });

  test('the stop of one bracket does not stand in for that of another', () => {
    const second = [
      order({ id: 'second', filledQty: '10', wantsStop: true }),
      stop({ parentId: 'second', status: 'rejected' }),
    ];
    const found = unprotected('20', [entry(), stop(), ...second]);
    expect(found).toMatchObject([{ orderId: 'second', qty: '10' }]);
    expect(unprotected('10', [entry(), stop(), ...second])).toEqual([]);
  });
});
