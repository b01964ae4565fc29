import { describe, expect, it } from 'vitest';
import { formatCompact, formatDecimal, shownPriceDecimals } from './format';

describe('formatDecimal', () => {
  it('keeps every digit of a number that a float cannot hold', () => {
    expect(formatDecimal('en', '9007199254740993.01', { min: 2 })).toBe('9,007,199,254,740,993.01');
  });

  it('uses the true minus sign', () => {
    expect(formatDecimal('en', '-1234.5', { min: 2 })).toBe('\u22121,234.50');
  });

  it('shows a plus only when asked, and none at zero', () => {
    expect(formatDecimal('en', '3', { min: 2, sign: true })).toBe('+3.00');
    expect(formatDecimal('en', '0', { min: 2, sign: true })).toBe('0.00');
    expect(formatDecimal('en', '-0.001', { min: 2, sign: true })).toBe('0.00');
  });

  it('turns a fraction into per cent', () => {
    expect(formatDecimal('zh', '0.0123', { min: 2, sign: true, percent: true })).toBe('+1.23%');
  });

  it('shows what is not a decimal as it came', () => {
    expect(formatDecimal('en', 'abc', { min: 2 })).toBe('abc');
  });
});

describe('formatCompact', () => {
  it('shortens by the language', () => {
    expect(formatCompact('en', 1_234_000)).toBe('1.2M');
    expect(formatCompact('zh', 34_000)).toBe('3.4万');
  });
});

describe('shownPriceDecimals', () => {
  it('gives hundredths of a cent below a dollar', () => {
    expect(shownPriceDecimals('0.9999')).toBe(4);
    expect(shownPriceDecimals('1')).toBe(2);
    expect(shownPriceDecimals('-0.5')).toBe(4);
  });
});
