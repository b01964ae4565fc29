import { z } from 'zod';

const decimal = z.string();

/** A dividend that those who held into its ex-date will be paid, or owe (negative quantity). */
const earned = z.object({
  action_id: z.string(),
  symbol: z.string(),
  /** Dollars a share. */
  rate: decimal,
  /** `YYYY-MM-DD`. */
  pay_date: z.string(),
  special: z.boolean(),
  holders: z.array(z.object({ account_id: z.string(), qty: decimal })),
});

/** What a day costs who borrows shares or money. */
const charge = z.object({
  account_id: z.string(),
  kind: z.enum(['borrow', 'interest']),
  /** The shares that are borrowed; null for money. */
  symbol: z.string().nullable(),
  amount: decimal,
});

/** Holdings and orders as they are after a split. */
const split = z.object({
  action_id: z.string(),
  symbol: z.string(),
  new_rate: z.number().int().positive(),
  old_rate: z.number().int().positive(),
  /** `cash` in lieu of the fraction that is not held on. */
  positions: z.array(z.object({ account_id: z.string(), qty: decimal, cash: decimal })),
  /** `delivers`: shares for each new contract. */
  options: z.array(
    z.object({
      account_id: z.string(),
      symbol: z.string(),
      new_symbol: z.string(),
      new_qty: decimal,
      delivers: decimal,
    }),
  ),
  orders: z.array(
    z.object({
      order_id: z.string(),
      qty: decimal.nullable(),
      limit_price: decimal.nullable(),
      stop_price: decimal.nullable(),
      trail_price: decimal.nullable(),
      hwm: decimal.nullable(),
      reserve_price: decimal,
    }),
  ),
});

/** All that the beginning of a trading day does to holdings, at once: it happened whole or not at all. */
export const dayOpened = {
  /** `YYYY-MM-DD`. */
  day: z.string(),
  /** When the day's prices began; `at` is when the exchange got to it. */
  effective: z.number().int(),
  paid: z.array(z.object({ account_id: z.string(), action_id: z.string() })),
  charges: z.array(charge),
  earned: z.array(earned),
  splits: z.array(split),
};

/** A split or a cash dividend of the future. Dates `YYYY-MM-DD`. */
export const announcement = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('split'),
    declaration_date: z.string(),
    ex_date: z.string(),
    new_rate: z.number().int().positive(),
    old_rate: z.number().int().positive(),
  }),
  z.object({
    type: z.literal('cash_dividend'),
    declaration_date: z.string(),
    ex_date: z.string(),
    payable_date: z.string(),
    /** Dollars a share. */
    rate: decimal,
    special: z.boolean(),
  }),
]);

export type Announcement = z.infer<typeof announcement>;
export type DividendEarned = z.infer<typeof earned>;
export type Charge = z.infer<typeof charge>;
export type SplitTaken = z.infer<typeof split>;
export type OrderRestated = SplitTaken['orders'][number];
