import { describe, expect, test } from 'vitest';
import { netQuote } from './net-quote';
import { instrumentLines, readOption, shownInstrument, shownSymbol, underlyingOf } from './option-contract';

const CALL = 'AAPL261218C00250000';
const PUT = 'AAPL261218P00247500';
const leg = (symbol: string, side: 'buy' | 'sell', ratioQty = '1') => ({ symbol, side, ratioQty });

describe('an OCC symbol', () => {
  test('says underlying, day, kind and strike', () => {
    expect(readOption(PUT)).toEqual({
      root: 'AAPL',
      underlying: 'AAPL',
      expiresOn: '2026-12-18',
      kind: 'put',
      strike: '247.5',
    });
    expect(readOption('F1261218C00013000')).toMatchObject({ root: 'F1', underlying: 'F', strike: '13' });
    expect(readOption('SPY261218C01000000')?.strike).toBe('1000');
    expect([readOption('AAPL'), underlyingOf('AAPL'), underlyingOf(CALL)]).toEqual([null, 'AAPL', 'AAPL']);
  });

  test('is shown as traders read it, several together by what they share', () => {
    expect([shownSymbol('AAPL'), shownSymbol(CALL)]).toEqual(['AAPL', 'AAPL 2026-12-18 250C']);
    const legs = [leg(CALL, 'buy', '2'), leg(PUT, 'sell')];
    expect(shownInstrument({ symbol: '', legs })).toBe('AAPL 2026-12-18 +2×250C −247.5P');
    const far = [leg('AAPL270115C00250000', 'buy'), leg(CALL, 'sell')];
    expect(shownInstrument({ symbol: '', legs: far })).toBe('AAPL 2027-01-15/2026-12-18 +250C −250C');
    expect(instrumentLines({ symbol: '', legs })).toEqual({
      title: 'AAPL +2×250C −247.5P',
      detail: '2026-12-18',
    });
    expect(instrumentLines({ symbol: CALL, legs: null })).toEqual({
      title: 'AAPL 250C',
      detail: '2026-12-18',
    });
    expect(instrumentLines({ symbol: 'AAPL', legs: null })).toEqual({ title: 'AAPL', detail: null });
  });
});

describe('a net quote', () => {
  const quotes = new Map([
    [CALL, { bid: '5', ask: '5.2', quotedAt: '2026-11-20T15:00:01.000Z' }],
    [PUT, { bid: null, ask: '3.1', quotedAt: '2026-11-20T15:00:00.000Z' }],
  ]);

  test('is what taking and giving back all legs costs now, and as old as the oldest', () => {
    expect(netQuote([leg(CALL, 'buy', '2')], quotes)).toMatchObject({ bid: '10', ask: '10.4' });
    expect(netQuote([leg(CALL, 'sell')], quotes)).toMatchObject({ bid: '-5.2', ask: '-5' });
    expect(netQuote([leg(CALL, 'sell'), leg(PUT, 'buy')], quotes)).toEqual({
      bid: null,
      ask: '-1.9',
      quotedAt: '2026-11-20T15:00:00.000Z',
    });
  });

  test('is unknown without a leg', () => {
    const none = { bid: null, ask: null, quotedAt: null };
    expect(netQuote([leg(CALL, 'buy'), leg('AAPL261218C00260000', 'sell')], quotes)).toEqual(none);
  });
});
