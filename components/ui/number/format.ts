/** What Intl takes without going through a float. */
type Numeric = `${number}`;

function isNumeric(text: string): text is Numeric {
  return /^-?\d+(\.\d+)?$/.test(text);
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, options);
  formatters.set(key, made);
  return made;
}

export type DecimalFormat = {
  /** At least this many digits after the point. */
  min: number;
  /** At most this many; by default `min`. */
  max?: number;
  /** Puts a plus before what is above zero. */
  sign?: boolean;
  percent?: boolean;
};

/**
 * A decimal string in the reader's way, digit for digit: no float in between. The minus sign is the
 * true one (U+2212). What is not a decimal is shown as it came.
 */
export function formatDecimal(locale: string, value: string, format: DecimalFormat): string {
  if (!isNumeric(value)) return value;
  const text = formatter(locale, {
    minimumFractionDigits: format.min,
    maximumFractionDigits: format.max ?? format.min,
    signDisplay: format.sign === true ? 'exceptZero' : 'negative',
    style: format.percent === true ? 'percent' : 'decimal',
  }).format(value);
  return text.replace('-', '\u2212');
}

/** Large counts in few characters: 1.2M, 3.4万. */
export function formatCompact(locale: string, value: number): string {
  return formatter(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** Digits a price is shown with: cents from $1, hundredths of a cent below. */
export function shownPriceDecimals(price: string): number {
  return Math.abs(Number(price)) >= 1 || Number(price) === 0 ? 2 : 4;
}
