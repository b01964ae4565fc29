import { describe, expect, it } from 'vitest';
import { changeOf } from './change';

describe('changeOf', () => {
  it('is exact in dollars and in parts of the previous close', () => {
    expect(changeOf({ last: '0.3', previousClose: '0.2' })).toEqual({ amount: '0.1', fraction: '0.5' });
    expect(changeOf({ last: '99', previousClose: '100' })).toEqual({ amount: '-1', fraction: '-0.01' });
  });

  it('is unknown, not zero, without a last price or a previous close', () => {
    expect(changeOf(null)).toBeNull();
    expect(changeOf({ last: null, previousClose: '100' })).toBeNull();
    expect(changeOf({ last: '100', previousClose: null })).toBeNull();
    expect(changeOf({ last: '100', previousClose: '0' })).toBeNull();
  });
});
