import { describe, expect, it } from 'vitest';
import { partQty, partsOf } from './closing-part';

describe('partsOf', () => {
  it('offers no part of an option contract', () => {
    const symbol = 'AAPL261218C00250000';
    expect(partsOf({ symbol, qty: '1' })).toEqual(['100']);
    expect(partsOf({ symbol, qty: '-3' })).toEqual(['100', '50']);
    expect(partsOf({ symbol: 'AAPL', qty: '1' })).toEqual(['100', '50', '25']);
  });
});

describe('partQty', () => {
  it('closes all of a long or short to the last fraction', () => {
    expect(partQty('10', '100')).toBe('10');
    expect(partQty('-0.123456789', '100')).toBe('0.123456789');
  });

  it('keeps to whole shares where the holding is whole', () => {
    expect(partQty('5', '50')).toBe('2');
    expect(partQty('-7', '25')).toBe('1');
  });

  it('takes a fraction where whole shares would leave nothing to close, rounded down', () => {
    expect(partQty('1', '50')).toBe('0.5');
    expect(partQty('0.333333333', '50')).toBe('0.166666666');
  });
});
