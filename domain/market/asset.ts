import { z } from 'zod';
import { symbolSchema } from './symbols';

/** Something that can be traded, as the venue lists it. */
export const assetSchema = z
  .object({
    symbol: symbolSchema,
    name: z.string(),
    exchange: z.string(),
    tradable: z.boolean(),
    shortable: z.boolean(),
    fractionable: z.boolean(),
  })
  .meta({ id: 'Asset' });
export type Asset = z.infer<typeof assetSchema>;
