import { z } from 'zod';

/** A US equity ticker such as AAPL or BRK.B, upper case. Whether it is listed is for the venue to say. */
export const symbolSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{1,6}(\.[A-Z]{1,2})?$/, 'must be a ticker such as AAPL or BRK.B')
  .meta({ id: 'Symbol', description: 'A ticker, upper case.', examples: ['AAPL'] });

export const SYMBOLS_PER_BATCH = 100;

/** 1 to 100 tickers, repeats removed, order kept. */
export const symbolList = z
  .array(symbolSchema)
  .min(1, 'name at least one symbol')
  .max(SYMBOLS_PER_BATCH, `at most ${SYMBOLS_PER_BATCH} symbols in one call`)
  .transform((list) => [...new Set(list)]);
