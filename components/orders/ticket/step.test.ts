import { describe, expect, it } from 'vitest';
import { stepDollars, stepPercent, stepPrice, stepQty } from './step';

describe('stepQty', () => {
  it('steps by one share, by ten with Shift, and stays above zero', () => {
    expect(stepQty('10', 1, false)).toBe('11');
    expect(stepQty('10', 1, true)).toBe('20');
    expect(stepQty('5', -1, true)).toBe('1');
    expect(stepQty('', 1, false)).toBe('1');
  });
});

describe('stepPrice', () => {
  it('steps by a cent without the error of floats', () => {
    expect(stepPrice('231.29', 1, false)).toBe('231.30');
    expect(stepPrice('231.29', -1, true)).toBe('231.19');
  });

  it('changes to the finer tick below a dollar and back', () => {
    expect(stepPrice('1.00', -1, false)).toBe('0.9999');
    expect(stepPrice('0.9999', 1, false)).toBe('1.00');
    expect(stepPrice('0.0001', -1, false)).toBe('0.0001');
  });
});

describe('stepDollars and stepPercent', () => {
  it('step by a hundred dollars and a tenth of a percent, and stay at their least', () => {
    expect(stepDollars('250', 1, false)).toBe('350.00');
    expect(stepDollars('250', -1, true)).toBe('1.00');
    expect(stepPercent('2', 1, false)).toBe('2.1');
    expect(stepPercent('2', 1, true)).toBe('3');
    expect(stepPercent('', -1, false)).toBe('0.1');
  });
});
