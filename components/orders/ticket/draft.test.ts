import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT, readDraft, typedDecimal } from './draft';

describe('readDraft', () => {
  it('makes a market order without a price, whatever the price field still holds', () => {
    expect(readDraft('AAPL', { ...EMPTY_DRAFT, limitPrice: '231.2' }).order).toEqual({
      symbol: 'AAPL',
      side: 'buy',
      type: 'market',
      timeInForce: 'day',
      qty: '10',
      extendedHours: false,
      orderClass: 'simple',
    });
  });

  it('makes a limit order with the exact price', () => {
    const read = readDraft('AAPL', { ...EMPTY_DRAFT, type: 'limit', limitPrice: '1,231.20' });
    expect(read.order).toMatchObject({ type: 'limit', limitPrice: '1231.2' });
  });

  it.each([
    ['', 'required'],
    ['abc', 'notNumber'],
    ['NaN', 'notNumber'],
    ['1e3', 'notNumber'],
    ['-1', 'notNumber'],
    ['0', 'aboveZero'],
    ['0.0000000001', 'qtyDecimals'],
    ['1000000001', 'tooLarge'],
  ])('refuses the quantity %j as %s', (qty, key) => {
    expect(readDraft('AAPL', { ...EMPTY_DRAFT, qty }).faults).toEqual({ qty: { key } });
  });

  it('refuses a price finer than the venue quotes, and says how fine it may be', () => {
    const draft = { ...EMPTY_DRAFT, type: 'limit' as const };
    expect(readDraft('AAPL', { ...draft, limitPrice: '231.205' }).faults).toEqual({
      limitPrice: { key: 'priceDecimals', decimals: 2 },
    });
    expect(readDraft('F', { ...draft, limitPrice: '0.12345' }).faults).toEqual({
      limitPrice: { key: 'priceDecimals', decimals: 4 },
    });
    expect(readDraft('AAPL', { ...draft, limitPrice: '' }).faults).toEqual({
      limitPrice: { key: 'required' },
    });
  });

  it('wants a day order for a fraction of a share', () => {
    const read = readDraft('AAPL', { ...EMPTY_DRAFT, qty: '0.5', timeInForce: 'gtc' });
    expect(read.faults).toEqual({ timeInForce: { key: 'fractionDay' } });
  });
});

describe('typedDecimal', () => {
  it('forgives what people type and nothing else', () => {
    expect(typedDecimal(' 1,000. ')).toBe('1000');
    expect(typedDecimal('.5')).toBe('0.5');
    expect(typedDecimal('.')).toBeNull();
    expect(typedDecimal('1.2.3')).toBeNull();
  });
});
