import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageOver, readToken, type Series, writeToken } from './pages';

const NOW = Date.UTC(2026, 10, 20);

/** Items at whole seconds whose making takes a while. */
const slow: Series<number> = {
  name: 'items',
  unit: 'T',
  stride: 60_000,
  *list(_symbol, { from, to }) {
    for (let at = Math.ceil(from / 1_000) * 1_000; at < to; at += 1_000) {
      const until = performance.now() + 0.5;
      while (performance.now() < until);
      yield at;
    }
  },
  timeOf: (at) => at,
};
const request = { symbols: ['A'], start: NOW, end: NOW + 3_600_000, descending: false, mark: null };

test('a long page lets others in while it is made', async () => {
  let turns = 0;
  let done = false;
  const others = (): void => {
    turns += 1;
    if (!done) setImmediate(others);
  };
  setImmediate(others);
  const { found } = await pageOver({ ...request, limit: 400 }, slow, (item) => item);
  done = true;
  expect(found.get('A')).toHaveLength(400);
  expect(turns).toBeGreaterThan(5);
});

test('pages of any length, either way, put together are the whole, without a gap or a double', async () => {
  const quick: Series<number> = {
    ...slow,
    *list(symbol, { from, to }) {
      const step = symbol === 'A' ? 777.25 : 1_931.5;
      for (let at = Math.ceil(from / step) * step; at < to; at += step) yield at;
    },
  };
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 60 }),
    fc.boolean(),
    async (limit, descending) => {
      const asked = { ...request, symbols: ['B', 'A'], end: NOW + 90_000, descending };
      const seen: string[] = [];
      let token: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof pageOver<number, string>>> = await pageOver(
          { ...asked, limit, mark: readToken(token) },
          quick,
          (at, symbol) => symbol + at,
        );
        seen.push(...[...page.found.values()].flat());
        token = page.token;
      } while (token !== null);
      const whole = await pageOver({ ...asked, limit: 10_000 }, quick, (at, symbol) => symbol + at);
      expect(seen).toEqual([...whole.found.values()].flat());
      expect(seen.length).toBeGreaterThan(150);
    },
  );
  await fc.assert(property, { numRuns: 40 });
});

test("a token has the form of Alpaca's own: base64 of symbol, unit and nanoseconds", () => {
  const token = writeToken({ symbol: 'SPY', at: 1_452_142_800_000 }, 'D');
  expect(Buffer.from(token, 'base64').toString()).toBe('SPY|D|1452142800000000000');
  expect(readToken(token)).toEqual({ symbol: 'SPY', at: 1_452_142_800_000 });
});
