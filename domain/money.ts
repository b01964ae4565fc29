import { Decimal } from 'decimal.js';
import { z } from 'zod';

/**
 * Money, prices and quantities are decimal strings on every wire and Decimals in between; a float never
 * holds one. 40 digits leave room for 10^12 shares at nine decimals times any price.
 */
const Exact = Decimal.clone({ precision: 40, toExpNeg: -30, toExpPos: 40, defaults: true });
export type Exact = Decimal;

export function exact(value: string | number): Exact {
  return new Exact(value);
}

/** Plain decimal notation, no exponent, no trailing zeros beyond what the value needs. */
export function plain(value: Exact): string {
  return value.toFixed();
}

const DECIMAL = /^-?\d{1,15}(\.\d{1,12})?$/;

/** A decimal string as brokers send it: at most 15 whole digits and 12 decimals, no exponent. */
export const decimalString = z
  .string()
  .regex(DECIMAL, 'must be a decimal number such as "12.5"')
  .meta({
    id: 'Decimal',
    description: 'A decimal number as a string: exact, never a float.',
    examples: ['231.20'],
  });

const NOT_PLAIN = 'must be a plain decimal number such as 12.5';

/**
 * A decimal from a user: a string, or a JSON number that is finite and that its shortest decimal form
 * can hold. Answers the canonical string. NaN, Infinity, exponents and empty strings are refused.
 */
export const decimalInput = z
  .union([z.string(), z.number()], { error: NOT_PLAIN })
  .transform((value, issue) => {
    const text = typeof value === 'number' ? String(value) : value.trim();
    if (!DECIMAL.test(text)) {
      issue.addIssue({ code: 'custom', message: NOT_PLAIN });
      return z.NEVER;
    }
    return plain(exact(text));
  })
  .pipe(decimalString);

/** Number of digits after the point, trailing zeros not counted. */
export function decimals(value: string): number {
  return exact(value).decimalPlaces();
}
