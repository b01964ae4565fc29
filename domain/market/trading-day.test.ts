import { expect, test } from 'vitest';
import { tradingDayStart } from './trading-day';

test.each([
  ['in winter', '2026-11-20T14:30:00Z', '2026-11-20T05:00:00.000Z'],
  ['in summer', '2026-07-20T14:30:00Z', '2026-07-20T04:00:00.000Z'],
  ['late in the evening, when UTC is a day ahead', '2026-11-21T03:00:00Z', '2026-11-20T05:00:00.000Z'],
  ['a minute after midnight', '2026-11-20T05:01:00Z', '2026-11-20T05:00:00.000Z'],
])('the trading day begins at midnight in New York: %s', (_title, now, start) => {
  expect(new Date(tradingDayStart(Date.parse(now))).toISOString()).toBe(start);
});
