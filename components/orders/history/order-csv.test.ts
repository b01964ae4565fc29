import { describe, expect, it } from 'vitest';
import { anOrder } from '@/domain/order/testing/an-order';
import { csvCell, ordersCsv } from './order-csv';

describe('csvCell', () => {
  it.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1'])(
    'keeps %j from running as a formula',
    (text) => {
      expect(csvCell(text).replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );

  it('leaves numbers digit for digit, negative ones too', () => {
    expect(csvCell('-0.123456789')).toBe('-0.123456789');
    expect(csvCell('231.20')).toBe('231.20');
  });

  it('quotes commas, quotes and line breaks', () => {
    expect(csvCell('a, "b"\nc')).toBe('"a, ""b""\nc"');
    expect(csvCell('=HYPERLINK("x","y")')).toBe('"\'=HYPERLINK(""x"",""y"")"');
    expect(csvCell(null)).toBe('');
  });
});

describe('ordersCsv', () => {
  it('writes one line an order under a head, times as they are: ISO in UTC', () => {
    const order = anOrder('1', {
      reason: { code: '403', message: '=cmd' },
      closedAt: '2026-11-20T15:00:00.123Z',
    });
    const [head, line, end] = ordersCsv([order]).split('\r\n');
    expect(head?.split(',')).toHaveLength(28);
    expect(line?.split(',')).toHaveLength(28);
    expect(line).toContain("403,'=cmd,");
    expect(line).toContain('2026-11-20T15:00:00.123Z');
    expect(end).toBe('');
  });

  it('names the legs of a multi-leg order in one cell', () => {
    const leg = {
      symbol: 'AAPL261218C00250000',
      side: 'buy',
      ratioQty: '2',
      positionIntent: 'buy_to_open',
    } as const;
    const other = {
      ...leg,
      symbol: 'AAPL261218C00260000',
      side: 'sell',
      positionIntent: 'sell_to_open',
    } as const;
    const [, line] = ordersCsv([anOrder('1', { orderClass: 'mleg', symbol: '', legs: [leg, other] })]).split(
      '\r\n',
    );
    expect(line).toContain(',buy_to_open 2 AAPL261218C00250000; sell_to_open 2 AAPL261218C00260000,');
  });
});
