import { expect, test } from 'vitest';
import { Lru } from './lru';

test('the entry that was not used for longest goes first', () => {
  const lru = new Lru<string, number>(3);
  for (const [at, key] of ['a', 'b', 'c'].entries()) lru.set(key, at);
  lru.get('a');
  lru.set('d', 3);
  expect(['a', 'b', 'c', 'd'].map((key) => lru.get(key))).toEqual([0, undefined, 2, 3]);
});

test('never holds more than its limit', () => {
  const lru = new Lru<number, number>(100);
  for (let key = 0; key < 1_000; key += 1) lru.set(key, key);
  const kept = Array.from({ length: 1_000 }, (_none, key) => lru.get(key)).filter(
    (value) => value !== undefined,
  );
  expect(kept.length).toBe(100);
});

test('forgets one entry and every entry that fits', () => {
  const lru = new Lru<string, number>(10);
  for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) lru.set(key, at);
  lru.delete('a');
  lru.deleteWhere((value) => value % 2 === 1);
  expect(['a', 'b', 'c', 'd'].map((key) => lru.get(key))).toEqual([undefined, undefined, 2, undefined]);
});
