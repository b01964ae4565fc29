/** Money, prices and profit are integers of micro-dollars (10^-6 USD). */
export const MONEY_SCALE = 6;
/** Quantities are integers of nano-shares (10^-9), Alpaca's finest fraction. */
export const QTY_SCALE = 9;
export const ONE_DOLLAR = 1_000_000n;
export const ONE_SHARE = 1_000_000_000n;

const DECIMAL = /^([+-]?)(\d{1,15})(?:\.(\d{1,15}))?$|^([+-]?)\.(\d{1,15})$/;

/**
 * Reads a plain decimal ("12.5") into an integer of 10^-scale.
 * Exponents, NaN, more than 15 integer digits or more decimals than the scale holds give null.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = DECIMAL.exec(text.trim());
  if (match === null) return null;
  const whole = match[2] ?? '0';
  const fraction = (match[3] ?? match[5] ?? '').replace(/0+$/, '');
  if (fraction.length > scale) return null;
  const value = BigInt(whole + fraction.padEnd(scale, '0'));
  return (match[1] ?? match[4]) === '-' ? -value : value;
}

/** Writes an integer of 10^-scale as a plain decimal without trailing zeros. */
export function formatDecimal(value: bigint, scale: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, -scale);
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

export const parseMoney = (text: string): bigint | null => parseDecimal(text, MONEY_SCALE);
export const parseQty = (text: string): bigint | null => parseDecimal(text, QTY_SCALE);
export const formatMoney = (micros: bigint): string => formatDecimal(micros, MONEY_SCALE);
export const formatQty = (nanos: bigint): string => formatDecimal(nanos, QTY_SCALE);

/** Integer division rounded half away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (n * 2n + d) / (d * 2n);
  return negative ? -rounded : rounded;
}

/** Value in micro-dollars of a quantity (nano-shares) at a price (micro-dollars). */
export const valueOf = (qty: bigint, price: bigint): bigint => divideRounded(qty * price, ONE_SHARE);

export const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
export const atLeastZero = (value: bigint): bigint => (value < 0n ? 0n : value);
export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** A ratio as a decimal string with six digits, such as `unrealized_plpc`; "0" over nothing. */
export function ratio(numerator: bigint, denominator: bigint): string {
  if (denominator === 0n) return '0';
  return formatMoney(divideRounded(numerator * ONE_DOLLAR, denominator));
}
