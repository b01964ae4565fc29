import { z } from 'zod';
import { decimalString } from '../money';
import { instant } from '../time';
import { orderStatus } from './status';

export const ORDER_SIDES = ['buy', 'sell'] as const;
export const orderSide = z.enum(ORDER_SIDES).meta({ id: 'OrderSide' });
export type OrderSide = z.infer<typeof orderSide>;

/** Every type and time in force the venue knows; what the desk itself sends is in submit-order. */
export const ORDER_TYPES = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'] as const;
export const orderType = z.enum(ORDER_TYPES).meta({ id: 'OrderType' });
export type OrderType = z.infer<typeof orderType>;

export const TIMES_IN_FORCE = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const;
export const timeInForce = z.enum(TIMES_IN_FORCE).meta({ id: 'TimeInForce' });
export type TimeInForce = z.infer<typeof timeInForce>;

/** Orders that travel together: an entry with exits, two exits of which one ends the other, or options as one. */
export const ORDER_CLASSES = ['simple', 'bracket', 'oco', 'oto', 'mleg'] as const;
export const orderClass = z.enum(ORDER_CLASSES).meta({ id: 'OrderClass' });
export type OrderClass = z.infer<typeof orderClass>;

/** Whether an order opens a position or closes one, in the venue's words. */
export const POSITION_INTENTS = ['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'] as const;
export const positionIntent = z.enum(POSITION_INTENTS).meta({ id: 'PositionIntent' });
export type PositionIntent = z.infer<typeof positionIntent>;

/** One option of a multi-leg order, as it was asked for. */
export const orderLegSchema = z
  .object({
    symbol: z.string(),
    side: orderSide,
    ratioQty: decimalString.describe('contracts for each unit of the order'),
    positionIntent,
  })
  .meta({ id: 'OrderLeg' });
export type OrderLeg = z.infer<typeof orderLegSchema>;

/** An order as the desk knows it: its own record, brought up to date by the venue's events. */
export const orderSchema = z
  .object({
    id: z.string(),
    accountId: z.string(),
    clientOrderId: z.string().describe('the id the venue knows us by; unique in an account'),
    venueOrderId: z.string().nullable(),
    symbol: z.string().describe('empty for a multi-leg order: see its legs'),
    side: orderSide.describe('a multi-leg order buys its legs as one, at a net price'),
    positionIntent: positionIntent.nullable().describe('as it was asked for; null when it was left open'),
    type: orderType,
    timeInForce,
    qty: decimalString.nullable().describe('shares, contracts, or units of a multi-leg order'),
    notional: decimalString.nullable().describe('dollars to spend instead of a quantity'),
    limitPrice: decimalString
      .nullable()
      .describe('dollars a share; of a multi-leg order the net: above 0 is paid, below received'),
    stopPrice: decimalString.nullable(),
    trailPrice: decimalString.nullable(),
    trailPercent: decimalString.nullable(),
    extendedHours: z.boolean(),
    orderClass,
    legs: z.array(orderLegSchema).nullable().describe('of a multi-leg order'),
    parentId: z.string().nullable().describe('the order this one is an exit or a leg of'),
    replacesId: z.string().nullable().describe('the order this one took the place of'),
    filledQty: decimalString,
    filledAvgPrice: decimalString.nullable(),
    status: orderStatus,
    reason: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .describe("why it was denied or rejected; the venue's own code and text"),
    createdAt: instant,
    submittedAt: instant.nullable(),
    updatedAt: instant,
    closedAt: instant.nullable(),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof orderSchema>;

/** Whether an order is one of the options of a multi-leg order: it fills and ends with that, never alone. */
export const isLeg = ({ orderClass, symbol }: Pick<Order, 'orderClass' | 'symbol'>): boolean =>
  orderClass === 'mleg' && symbol !== '';

/** An execution: `executionId` is the venue's and posts once. */
export const fillSchema = z
  .object({
    executionId: z.string(),
    qty: decimalString,
    price: decimalString,
    at: instant,
  })
  .meta({ id: 'Fill' });
export type Fill = z.infer<typeof fillSchema>;
