import { z } from 'zod';
import { parseMoney, parseQty } from '../decimal/decimal';
import { badRequest, REFUSALS, unprocessable } from './refusals';

/** A decimal as clients send it: string or JSON number. */
export const decimal = z.union([z.string(), z.number()]).nullish();

type Decimal = string | number | null | undefined;

/** Reads a quantity; refuses what is no positive decimal of at most nine places. */
export function readQty(value: Decimal): bigint | null {
  return readPositive(value, 'qty', parseQty, REFUSALS.quantityNotPositive);
}

export const readLimit = (value: Decimal, name = 'limit_price'): bigint | null =>
  onTick(name, readPositive(value, name, parseMoney, REFUSALS.limitNotPositive), value);

export const readStop = (value: Decimal, name = 'stop_price'): bigint | null =>
  onTick(name, readPositive(value, name, parseMoney, REFUSALS.stopNotPositive), value);

/** Null when absent. */
export function readPositive(
  value: Decimal,
  name: string,
  parse: (text: string) => bigint | null,
  notPositive: () => Error,
): bigint | null {
  if (value === null || value === undefined || value === '') return null;
  const parsed = parse(String(value));
  if (parsed === null) throw badRequest(`invalid ${name} ${String(value).slice(0, 40)}`);
  if (parsed <= 0n) throw notPositive();
  return parsed;
}

/** Alpaca docs: at $1 and above two decimals, below it four. */
function onTick(name: string, price: bigint | null, sent: Decimal): bigint | null {
  if (price === null) return null;
  const step = price >= 1_000_000n ? 10_000n : 100n;
  if (price % step === 0n) return price;
  const start = `invalid ${name} ${String(sent)}.`;
  throw unprocessable(`${start} sub-penny increment does not fulfill minimum pricing criteria`);
}

/** The value, if it is one of these; else a refusal in these words. */
export function oneOf<T extends string>(
  values: readonly T[],
  value: string | null | undefined,
  refusal: string,
): T {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw badRequest(refusal);
  return found;
}
