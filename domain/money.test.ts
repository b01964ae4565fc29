import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalInput, decimals, exact, plain } from './money';

const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{0,${length - 1}}$`));

describe('decimalInput', () => {
  test.each([
    ['12.50', '12.5'],
    [' 7 ', '7'],
    ['-0.10', '-0.1'],
    ['000', '0'],
    ['-0', '0'],
    [12.5, '12.5'],
    [0.1, '0.1'],
    ['999999999999999.999999999999', '999999999999999.999999999999'],
  ])('reads %j as %s', (given, wanted) => {
    expect(decimalInput.parse(given)).toBe(wanted);
  });

  test.each([
    'NaN',
    'Infinity',
    '',
    ' ',
    '1e3',
    '0x10',
    '1,5',
    '.5',
    '5.',
    '+1',
    '--1',
    '1 2',
    '١',
    '1'.repeat(16),
    `0.${'1'.repeat(13)}`,
    Number.NaN,
    Infinity,
    JSON.parse('1e309'),
    1e21,
    1e-7,
    null,
    undefined,
    true,
    [1],
    { a: 1 },
  ])('refuses %j with a line that says what a decimal is', (given) => {
    const messages = decimalInput.safeParse(given).error?.issues.map(({ message }) => message);
    expect(messages).toEqual(['must be a plain decimal number such as 12.5']);
  });

  test('keeps every digit of 27, which no float can', () => {
    fc.assert(
      fc.property(digits(15), digits(12), (whole, fraction) => {
        const trimmed = fraction.replace(/0+$/, '');
        expect(decimalInput.parse(`${whole}.${fraction}`)).toBe(`${whole}.${trimmed}`);
      }),
    );
  });

  test('reading twice changes nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 999_999 }),
        (whole, part) => {
          const once = decimalInput.parse(`${whole}.${String(part).padStart(6, '0')}`);
          expect(decimalInput.parse(once)).toBe(once);
        },
      ),
    );
  });
});

describe('exact', () => {
  test('adds, multiplies and compares without a rounding error', () => {
    expect(plain(exact('0.1').plus('0.2'))).toBe('0.3');
    expect(plain(exact('999999999999.999999999').times('1000000'))).toBe('999999999999999999.999');
    expect(exact('1.10').eq('1.1')).toBe(true);
  });

  test('is written without an exponent, whatever its size', () => {
    expect(plain(exact('1e-12'))).toBe('0.000000000001');
    expect(plain(exact('1e30'))).toBe(`1${'0'.repeat(30)}`);
  });

  test.each([
    ['1.2300', 2],
    ['100', 0],
    ['0.000000001', 9],
  ])('%s has %i decimals', (value, wanted) => {
    expect(decimals(value)).toBe(wanted);
  });
});
