import { z } from 'zod';
import { underlyingOf } from '../market/option-contract';
import { contractSize, symbolSchema } from '../market/symbols';
import { decimalInput, exact, type Exact, plain } from '../money';
import { orderSide } from '../order/order';
import type { SubmitOrderInput } from '../order/submit-order';
import { maxLoss } from '../risk/max-loss';

const above0 = decimalInput.refine((value) => exact(value).gt(0), 'must be above 0').nullable();

/** What a hook may trade, on top of the limits of its account. */
export const hookLimits = z
  .strictObject({
    symbols: z
      .array(symbolSchema)
      .min(1)
      .max(200)
      .nullable()
      .describe('options go by their underlying; null for all'),
    side: orderSide.nullable().describe('null for both'),
    maxQty: above0.describe('shares or contracts an order; null for no limit'),
    maxNotional: above0.describe('US dollars an order; null for no limit'),
  })
  .meta({ id: 'WebhookLimits' });
export type HookLimits = z.infer<typeof hookLimits>;

export const NO_HOOK_LIMITS: HookLimits = { symbols: null, side: null, maxQty: null, maxNotional: null };

/** The market as it stands; null where there is no price. */
export type Market = { bid: string | null; ask: string | null; last: string | null };

/** A limit that an order breaks, in words. */
export type HookDenial = { rule: string; message: string };

type Terms = Pick<
  SubmitOrderInput,
  'symbol' | 'side' | 'qty' | 'notional' | 'limitPrice' | 'stopPrice' | 'legs'
>;

const namesOf = ({ symbol, legs }: Terms): string[] =>
  (legs?.map((leg) => leg.symbol) ?? [symbol]).map(underlyingOf);

const sidesOf = ({ side, legs }: Terms) => legs?.map((leg) => leg.side) ?? [side];

/** Dollars a share that the order may cost or bring: a buyer's limit holds, anything else may meet the market. */
function priceOf({ side, limitPrice, stopPrice, legs }: Terms, { bid, ask, last }: Market): Exact | null {
  const net = limitPrice ?? ask;
  if (legs !== undefined) return net === null ? null : exact(net);
  if (side === 'buy' && limitPrice !== undefined) return exact(limitPrice);
  const met = (side === 'buy' ? ask : bid) ?? last;
  const prices = [limitPrice, stopPrice, met].flatMap((price) =>
    price === undefined || price === null ? [] : [exact(price)],
  );
  // Without the market's price the order's own says too little about what it may bring.
  if (met === null) return null;
  return prices.reduce((highest, price) => (price.gt(highest) ? price : highest), exact(0));
}

const UNKNOWN = 'This limit of the hook could not be checked now: there is no price. Try again in a moment.';

/** Every limit of the hook that an order breaks. A limit that cannot be checked is not kept, and denies. */
export function hookDenials(order: Terms, limits: HookLimits, market: Market): HookDenial[] {
  const { symbols, side, maxQty, maxNotional } = limits;
  const denials: HookDenial[] = [];
  const deny = (rule: string, message: string) => denials.push({ rule, message });
  const other = symbols === null ? undefined : namesOf(order).find((name) => !symbols.includes(name));
  if (other !== undefined) deny('hook_symbols', `${other} is not among the symbols this hook may trade.`);
  if (side !== null && sidesOf(order).some((one) => one !== side))
    deny('hook_side', `This hook may only ${side}.`);
  const price = priceOf(order, market);
  if (maxQty !== null) {
    const qty = sharesOf(order, price);
    if (qty === null) deny('hook_max_qty', UNKNOWN);
    else if (qty.gt(maxQty))
      deny('hook_max_qty', `The order is for ${plain(qty)} shares; this hook's limit is ${maxQty}.`);
  }
  if (maxNotional !== null) {
    const worth = dollarsOf(order, price);
    if (worth === null) deny('hook_max_notional', UNKNOWN);
    else if (worth.gt(maxNotional))
      deny(
        'hook_max_notional',
        `The order is worth $${worth.toFixed(2)}; this hook's limit is $${exact(maxNotional).toFixed(2)}.`,
      );
  }
  return denials;
}

function sharesOf({ qty, notional, legs }: Terms, price: Exact | null): Exact | null {
  if (qty !== undefined && legs !== undefined)
    return legs.reduce((sum, { ratioQty }) => sum.plus(exact(ratioQty).times(qty)), exact(0));
  if (qty !== undefined) return exact(qty);
  return notional === undefined || price === null ? null : exact(notional).div(price).toDecimalPlaces(9);
}

function dollarsOf({ symbol, qty, notional, legs }: Terms, price: Exact | null): Exact | null {
  if (notional !== undefined) return exact(notional);
  if (qty === undefined || price === null) return null;
  if (legs === undefined) return exact(qty).times(price).times(contractSize(symbol));
  // What a multi-leg order can lose counts, where that can be told.
  return (maxLoss(legs, price) ?? price.abs()).times(qty).times(100);
}
