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

/** An option contract by its OCC symbol: root, expiry as yymmdd, call or put, strike in tenths of a cent. */
const OPTION_CONTRACT = /^[A-Z]{1,6}\d?\d{6}[CP]\d{8}$/;

/** An option contract such as AAPL261218C00250000, upper case. */
export const optionSymbol = z
  .string()
  .trim()
  .toUpperCase()
  .regex(OPTION_CONTRACT, 'must be an option contract such as AAPL261218C00250000')
  .meta({ id: 'OptionSymbol', description: 'An OCC symbol, upper case.', examples: ['AAPL261218C00250000'] });

/** Whatever can be ordered and held: a ticker, or an option contract. */
export const tradedSymbol = z
  .string()
  .trim()
  .toUpperCase()
  .regex(
    /^(?:[A-Z]{1,6}(?:\.[A-Z]{1,2})?|[A-Z]{1,6}\d?\d{6}[CP]\d{8})$/,
    'must be a ticker such as AAPL or BRK.B, or an option contract such as AAPL261218C00250000',
  )
  .meta({
    id: 'TradedSymbol',
    description: 'A ticker or the OCC symbol of an option contract, upper case.',
    examples: ['AAPL', 'AAPL261218C00250000'],
  });

export const ASSET_CLASSES = ['us_equity', 'us_option', 'crypto'] as const;
export const assetClass = z.enum(ASSET_CLASSES).meta({ id: 'AssetClass' });
export type AssetClass = z.infer<typeof assetClass>;

/** What kind of instrument a symbol names. */
export function classOf(symbol: string): AssetClass {
  if (OPTION_CONTRACT.test(symbol)) return 'us_option';
  return symbol.includes('/') ? 'crypto' : 'us_equity';
}

/** Shares, or coins, in one unit of what is traded: 100 for an option contract. */
export const contractSize = (symbol: string): number => (OPTION_CONTRACT.test(symbol) ? 100 : 1);

/** The name under which the venue holds what is traded: crypto pairs lose their slash. */
export const heldSymbol = (symbol: string): string => symbol.replace('/', '');
