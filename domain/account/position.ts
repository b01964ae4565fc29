import { z } from 'zod';
import { decimalString } from '../money';

/** A holding; a short has negative quantity, market value and cost. Amounts in US dollars. */
export const positionSchema = z
  .object({
    symbol: z.string(),
    side: z.enum(['long', 'short']),
    qty: decimalString,
    qtyAvailable: decimalString.describe('not held by open orders'),
    averagePrice: decimalString,
    currentPrice: decimalString.nullable(),
    previousClose: decimalString.nullable(),
    marketValue: decimalString.nullable(),
    costBasis: decimalString,
    unrealizedPl: decimalString.nullable(),
    unrealizedPlPercent: decimalString.nullable().describe('of cost, as a fraction'),
    dayPl: decimalString.nullable(),
  })
  .meta({ id: 'Position' });
export type Position = z.infer<typeof positionSchema>;
