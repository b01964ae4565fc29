import { instantOf } from '../clock/new-york';
import { badParameter } from '../orders/refusals';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** Civil day number of `YYYY-MM-DD`; null when it is none. */
export function parseDate(text: string): number | null {
  if (!DATE.test(text)) return null;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(instant) ? null : Math.floor(instant / 86_400_000);
}

/** Epoch milliseconds of an RFC 3339 time or of a date's midnight in New York; null when it is neither. */
export function parseTime(text: string): number | null {
  const day = parseDate(text);
  if (day !== null) return instantOf(day, 0);
  // A "+" that a client forgot to escape arrives as a blank.
  const repaired = text.replace(' ', '+');
  if (!RFC3339.test(repaired)) return null;
  const instant = Date.parse(repaired);
  return Number.isNaN(instant) ? null : instant;
}

/** A time parameter of the market data API; `fallback` when absent. */
export function timeOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  const instant = parseTime(text);
  if (instant === null) {
    throw badParameter(
      `Invalid format for parameter ${name}: error parsing '${text.slice(0, 60)}' as RFC3339 or 2006-01-02 time`,
    );
  }
  return instant;
}

/** A whole-number parameter within bounds; `null` counts as absent, as old clients send it. */
export function countOf(
  query: URLSearchParams,
  name: string,
  rule: { fallback: number; most: number },
): number {
  const text = query.get(name);
  if (text === null || text === '' || text === 'null') return rule.fallback;
  if (!/^-?\d{1,12}$/.test(text)) throw badParameter(`invalid ${name}: ${text.slice(0, 60)}`);
  const value = Number(text);
  if (value < 1) throw badParameter(`invalid ${name}: smaller than the allowed minimum of 1`);
  if (value > rule.most) {
    throw badParameter(`invalid ${name}: larger than the allowed maximum of ${rule.most}`);
  }
  return value;
}

const YES: ReadonlySet<string> = new Set(['true', 'True', 'TRUE', 't', 'T', '1']);
const NO: ReadonlySet<string> = new Set(['false', 'False', 'FALSE', 'f', 'F', '0']);

/** A yes or no as Go reads it, so also the `True` that Python clients send; null when it is neither. */
export const parseFlag = (text: string): boolean | null =>
  YES.has(text) ? true : NO.has(text) ? false : null;

/** All values of a parameter, whether repeated or joined by commas. */
export const listOf = (query: URLSearchParams, name: string): string[] =>
  query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
