import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDecimal, parseDecimal, parseMoney } from './decimal';

describe('decimals', () => {
  test('survive writing and reading at every scale', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.constantFrom(6, 9), (value, scale) => {
        expect(parseDecimal(formatDecimal(value, scale), scale)).toBe(value);
      }),
    );
  });

  test.each(['', 'abc', '1e5', 'NaN', 'Infinity', '1.2.3', '0x10', '1.0000001', '--1', '9'.repeat(16)])(
    'refuses %j',
    (text) => {
      expect(parseMoney(text)).toBeNull();
    },
  );

  test('accept a bare fraction and trailing zeros', () => {
    expect(parseMoney('.5')).toBe(500_000n);
    expect(parseMoney('1.5000000000')).toBe(1_500_000n);
  });
});
