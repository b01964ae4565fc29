import { expect, test } from 'vitest';
import { nextDue } from './books-watch';

const waiting = (name: string, dueAt: number, busy = false) => ({ name, dueAt, busy });
const names = (all: readonly { name: string }[]) => all.map(({ name }) => name);

test('accounts that are due again and again do not keep a later one from its turn', () => {
  const restless = ['a', 'b', 'c', 'd', 'e'].map((name) => waiting(name, 90));
  expect(names(nextDue([...restless, waiting('later', 50)], 100))).toEqual(['later', 'a', 'b', 'c']);
});

test('four at once, and none before its time', () => {
  const busy = ['a', 'b', 'c'].map((name) => waiting(name, 10, true));
  expect(names(nextDue([...busy, waiting('early', 101), waiting('x', 99), waiting('y', 98)], 100))).toEqual([
    'y',
  ]);
});
