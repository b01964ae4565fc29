import { z } from 'zod';
import { decimalString } from '../money';
import { instant } from '../time';

/** Bar widths the desk draws; the venue's own spelling is the adapter's business. */
export const timeframe = z.enum(['1Min', '5Min', '15Min', '1Hour', '1Day']).meta({ id: 'Timeframe' });
export type Timeframe = z.infer<typeof timeframe>;

/** Seconds a bar covers; a day is counted as a calendar day. */
export const TIMEFRAME_SECONDS: Record<Timeframe, number> = {
  '1Min': 60,
  '5Min': 300,
  '15Min': 900,
  '1Hour': 3600,
  '1Day': 86_400,
};

/** One candle; `time` is its left edge. Volume in shares. */
export const barSchema = z
  .object({
    time: instant,
    open: decimalString,
    high: decimalString,
    low: decimalString,
    close: decimalString,
    volume: z.number().nonnegative(),
    vwap: decimalString.nullable(),
    trades: z.number().int().nonnegative().nullable(),
  })
  .meta({ id: 'Bar' });
export type Bar = z.infer<typeof barSchema>;
