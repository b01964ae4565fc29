import { expect, test } from 'vitest';
import type { Books } from './books';
import { judge } from './oracle';

const fill = { executionId: 'e1', qty: '2', price: '10.50' };
const truth: Books = {
  orders: [
    { clientOrderId: 'a', status: 'filled', hasReason: false },
    { clientOrderId: 'b', status: 'open', hasReason: false },
  ],
  fills: [fill],
  cash: '1 micro-dollars',
  ledgerCash: null,
  positions: new Map([['AAPL', '2000000000']]),
  unprotected: new Set(),
  intents: null,
};
const intents = [
  { name: 'one', clientOrderId: 'a' },
  { name: 'two', clientOrderId: 'b' },
];
const right: Books = {
  ...truth,
  orders: [
    { clientOrderId: 'a', status: 'filled', hasReason: false },
    { clientOrderId: 'b', status: 'new', hasReason: false },
  ],
  fills: [{ ...fill, qty: '2.0', price: '10.5' }],
  intents,
};
const [first, second] = right.orders;
if (first === undefined || second === undefined) throw new Error('the right books hold two orders');

test('finds nothing in books that are right, however the numbers are written', () => {
  expect(judge(right, truth)).toEqual([]);
});

const wrong: [string, Partial<Books>][] = [
  ['a lost order', { orders: [first] }],
  ['an order the venue does not have', { orders: [...right.orders, { ...second, clientOrderId: 'c' }] }],
  [
    'a refusal without a reason',
    { orders: [...right.orders, { ...second, clientOrderId: 'c', status: 'rejected' }] },
  ],
  ['an order left in doubt', { orders: [first, { ...second, status: 'unknown' }] }],
  ['another end', { orders: [{ ...first, status: 'canceled' }, second] }],
  ['an open order that is over', { orders: [{ ...first, status: 'new' }, second] }],
  ['an order twice in the books', { orders: [...right.orders, second] }],
  ['an order that nobody meant', { intents: intents.slice(0, 1) }],
  ['two wishes that became one order', { intents: [...intents, { name: 'three', clientOrderId: 'b' }] }],
  ['an acknowledged order that is gone', { intents: [...intents, { name: 'three', clientOrderId: 'c' }] }],
  ['a ledger that is a micro-dollar off', { ledgerCash: '2 micro-dollars' }],
  ['a lost execution', { fills: [] }],
  ['an execution twice', { fills: [fill, fill] }],
  ['an execution at another price', { fills: [{ ...fill, price: '10.51' }] }],
  ['other cash', { cash: '2 micro-dollars' }],
  ['another position', { positions: new Map() }],
  ['an alert without cause', { unprotected: new Set(['AAPL']) }],
];
test.each(wrong)('finds %s', (_what, part) => {
  expect(judge({ ...right, ...part }, truth)).not.toEqual([]);
});

test('lets stand what its owner entered elsewhere, and an order in review that the venue does not know', () => {
  expect(judge({ ...right, intents: intents.slice(0, 1) }, truth, { outside: ['b'], disputed: [] })).toEqual(
    [],
  );
  const review = { clientOrderId: 'c', status: 'needs_review', hasReason: true };
  expect(judge({ ...right, orders: [...right.orders, review] }, truth)).toEqual([]);
});

test('lets an order be absent that was cancelled before it left, and no other that was cancelled', () => {
  const absent = { clientOrderId: 'c', status: 'canceled', hasReason: true };
  const withIt = (order: Books['orders'][number]) =>
    judge({ ...right, orders: [...right.orders, order] }, truth);
  expect(withIt({ ...absent, isUnsent: true })).toEqual([]);
  expect(withIt(absent)).not.toEqual([]);
  expect(withIt({ ...absent, status: 'open', isUnsent: true })).not.toEqual([]);
  const there = { ...second, status: 'canceled', isUnsent: true };
  expect(judge({ ...right, orders: [first, there] }, truth)).not.toEqual([]);
});

test('finds a lost stop that nobody was told of', () => {
  expect(judge(right, { ...truth, unprotected: new Set(['AAPL']) })).toEqual([
    'AAPL: lost its stop, and nobody was told',
  ]);
});

test('wants an order under an id that is taken by another to be in review, and not meant as its exit', () => {
  const elsewhere = { outside: [], disputed: ['b'] };
  expect(judge(right, truth, elsewhere)).not.toEqual([]);
  const review = { ...second, status: 'needs_review', hasReason: true };
  expect(judge({ ...right, orders: [first, review] }, truth, elsewhere)).toEqual([]);
});

test('lets stand an exit that came with its entry, which nobody meant by itself', () => {
  const exit = { clientOrderId: 'x', status: 'open', hasReason: false };
  const orders = [...right.orders, exit];
  expect(judge({ ...right, orders }, { ...truth, orders: [...truth.orders, exit] })).not.toEqual([]);
  const isExit = { ...exit, isExit: true };
  expect(judge({ ...right, orders }, { ...truth, orders: [...truth.orders, isExit] })).toEqual([]);
});
