import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CRYPTO } from '../market/instruments';
import { Market } from '../market/market';
import { orderBookAt } from './order-book';

test('a book begins with the quote, falls and rises away from it, and is the same when asked again', () => {
  const market = new Market(6, false);
  const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 10, 20) });
  fc.assert(
    fc.property(fc.constantFrom(...CRYPTO.keys()), at, (symbol, at) => {
      const [book, quote] = [orderBookAt(market, symbol, at), market.quoteAt(symbol, at)];
      expect(book?.bids[0]?.p).toBe((quote?.bid ?? 0) / 1e6);
      expect(book?.asks[0]?.p).toBe((quote?.ask ?? 0) / 1e6);
      expect(book?.bids.every((level, i) => i === 0 || level.p < (book.bids[i - 1]?.p ?? 0))).toBe(true);
      expect(book?.asks.every((level, i) => i === 0 || level.p > (book.asks[i - 1]?.p ?? 0))).toBe(true);
      expect(
        [...(book?.bids ?? []), ...(book?.asks ?? [])].every((level) => level.p > 0 && level.s > 0),
      ).toBe(true);
      expect(orderBookAt(new Market(6, true), symbol, at)).toEqual(book);
    }),
    { numRuns: 60 },
  );
});
