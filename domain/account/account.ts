import { z } from 'zod';
import { decimalString } from '../money';
import { instant } from '../time';

export const accountKind = z.enum(['simulated', 'alpaca-paper', 'ibkr-paper', 'alpaca-live']);
export type AccountKind = z.infer<typeof accountKind>;

/** A trading account behind one of the user's broker connections; amounts in US dollars. */
export const accountSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: accountKind,
    accountNumber: z.string(),
    status: z.string(),
    currency: z.string(),
    cash: decimalString,
    equity: decimalString,
    lastEquity: decimalString.describe("equity at the previous session's close"),
    buyingPower: decimalString,
    longMarketValue: decimalString,
    shortMarketValue: decimalString,
    multiplier: decimalString,
    tradingBlocked: z.boolean(),
    asOf: instant.describe('when the broker answered'),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof accountSchema>;
