import { z } from 'zod';
import { assetClass, symbolSchema } from '../market/symbols';
import { decimalInput, exact } from '../money';
import type { Tier } from '../user';

const dollars = decimalInput
  .refine((value) => exact(value).gt(0), 'must be above 0')
  .nullable()
  .describe('US dollars; null for no limit');

const count = z.number().int().min(0).max(1_000_000).nullable().describe('null for no limit');

/** The limits a trader sets for an account; the desk holds every order against them before it is sent. */
export const riskProfileSchema = z
  .strictObject({
    maxOrderNotional: dollars,
    maxOrderQty: decimalInput.nullable().describe('shares, or option contracts; null for no limit'),
    maxPositionNotional: dollars.describe(
      'value of one symbol after the order, US dollars; a multi-leg order counts by the most it can lose',
    ),
    maxGrossExposure: dollars.describe('value of all positions after the order, long and short added up'),
    maxOpenOrders: count,
    maxDailyLoss: dollars.describe('loss since the last close beyond which only closing orders pass'),
    maxOrdersADay: count.describe('orders sent since midnight in New York'),
    allowedSymbols: z
      .array(symbolSchema)
      .max(1000)
      .nullable()
      .describe('options go by their underlying; null for all'),
    priceCollarPercent: z
      .number()
      .min(0.1)
      .max(100)
      .nullable()
      .describe('how far through the market a limit price may be'),
    staleQuoteSeconds: z
      .number()
      .int()
      .min(1)
      .max(3600)
      .nullable()
      .describe('an order at market needs a quote no older than this while the market is open'),
    duplicateSeconds: z
      .number()
      .int()
      .min(1)
      .max(60)
      .nullable()
      .describe(
        'the same order again within this time is refused unless an idempotency key says it is meant',
      ),
    allowedClasses: z
      .array(assetClass)
      .max(3)
      .nullable()
      .default(null)
      .describe('what kinds of instruments may be traded; null for all'),
    maxOptionsLevel: z
      .number()
      .int()
      .min(0)
      .max(3)
      .nullable()
      .default(null)
      .describe(
        'orders that open options: 1 covered calls and cash-secured puts, 2 also long options, 3 also spreads, 0 none; null for no limit',
      ),
    regularHoursOnly: z
      .boolean()
      .default(false)
      .describe('whether orders pass only while the market is open'),
    checkBuyingPower: z
      .boolean()
      .default(false)
      .describe('whether the desk itself holds the cost of an opening order against the buying power'),
    onDrift: z
      .enum(['block', 'warn'])
      .default('block')
      .describe("whether only closing orders pass while the desk's books differ from the broker's"),
  })
  .meta({ id: 'RiskProfile' });
export type RiskProfile = z.infer<typeof riskProfileSchema>;

/** No limit at all: where the desk's own are to be added to. */
export const NO_LIMITS: RiskProfile = {
  maxOrderNotional: null,
  maxOrderQty: null,
  maxPositionNotional: null,
  maxGrossExposure: null,
  maxOpenOrders: null,
  maxDailyLoss: null,
  maxOrdersADay: null,
  allowedSymbols: null,
  priceCollarPercent: null,
  staleQuoteSeconds: null,
  duplicateSeconds: null,
  allowedClasses: null,
  maxOptionsLevel: null,
  regularHoursOnly: false,
  checkBuyingPower: false,
  onDrift: 'warn',
};

/**
 * What the desk holds every order of a user against, besides the user's own limits, by the plan they are on; a risk
 * officer may set other limits for an account.
 */
export const TIER_LIMITS: Record<Tier, RiskProfile> = {
  free: { ...NO_LIMITS, maxOpenOrders: 2_000, maxOrdersADay: 20_000 },
  pro: { ...NO_LIMITS, maxOpenOrders: 10_000, maxOrdersADay: 100_000 },
  enterprise: NO_LIMITS,
};

/** What holds until a trader says otherwise: guards against slips of the hand, no limits on size. */
export const FIRST_RISK_PROFILE: RiskProfile = {
  ...NO_LIMITS,
  priceCollarPercent: 10,
  staleQuoteSeconds: 60,
  duplicateSeconds: 2,
  onDrift: 'block',
};
