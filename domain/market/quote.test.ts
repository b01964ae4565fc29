import { describe, expect, test } from 'vitest';
import { type Quote, STALE_AFTER_MS, withAge } from './quote';

const NOW = Date.parse('2026-11-20T15:00:00.000Z');
const ago = (ms: number) => new Date(NOW - ms).toISOString();
const quote = (quotedAt: string | null, tradedAt: string | null): Quote => ({
  symbol: 'AAPL',
  bid: '100',
  bidSize: 1,
  ask: '101',
  askSize: 1,
  quotedAt,
  last: '100.5',
  lastSize: 1,
  tradedAt,
  previousClose: null,
  receivedAt: ago(0),
  source: 'simulated',
});

describe('the age of a quote', () => {
  test.each([
    ['of its newest part', ago(500), ago(900), 500, false],
    ['of its only part', null, ago(900), 900, false],
    ['of nothing, which is stale', null, null, null, true],
    ['at the limit, still good', ago(STALE_AFTER_MS), null, STALE_AFTER_MS, false],
    ['a millisecond over the limit, stale', ago(STALE_AFTER_MS + 1), null, STALE_AFTER_MS + 1, true],
    ['never below 0, though the venue be ahead', ago(-50), null, 0, false],
  ])('is that %s', (_title, quotedAt, tradedAt, ageMs, stale) => {
    expect(withAge(quote(quotedAt, tradedAt), NOW)).toMatchObject({ ageMs, stale });
  });
});
