import type { UTCTimestamp } from 'lightweight-charts';

function isSeconds(value: number): value is UTCTimestamp {
  return Number.isInteger(value);
}

/** The library brands epoch seconds; this is the one place that states that a number is one. */
export function seconds(value: number): UTCTimestamp {
  if (!isSeconds(value)) throw new RangeError(`${value} is not a whole number of seconds`);
  return value;
}
