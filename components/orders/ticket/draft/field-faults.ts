import { decimals, exact } from '@/domain/money';
import { priceDecimals, priceFault } from '@/domain/order/amount-rules';
import type { OrderTerms } from '@/domain/order/order-rules';

/** Where a fault is shown: the fields of the ticket, named as the order's own. */
export type FaultField =
  | 'type'
  | 'timeInForce'
  | 'qty'
  | 'notional'
  | 'limitPrice'
  | 'stopPrice'
  | 'trailPrice'
  | 'trailPercent'
  | 'extendedHours'
  | 'takeProfit.limitPrice'
  | 'stopLoss.stopPrice'
  | 'stopLoss.limitPrice';

/** Why a field cannot be sent; the words are the dictionary's (`ticket.faults`). */
export type FieldFault =
  | {
      key:
        | 'required'
        | 'notNumber'
        | 'aboveZero'
        | 'qtyDecimals'
        | 'tooLarge'
        | 'fractionDay'
        | 'wholeForExits'
        | 'aboveFilled'
        | 'dollarsMin'
        | 'dollarsTooLarge'
        | 'dollarsMarketDay'
        | 'trailPercent'
        | 'timeOfType'
        | 'timeOfExits'
        | 'typeOfExits'
        | 'extended'
        | 'oneExit'
        | 'profitAboveStop'
        | 'profitBelowStop'
        | 'refused';
    }
  | { key: 'priceDecimals'; decimals: number };

export type DraftFaults = Partial<Record<FaultField, FieldFault>>;

function ofPrice(price: string | undefined): FieldFault {
  if (price === undefined) return { key: 'required' };
  if (exact(price).lte(0)) return { key: 'aboveZero' };
  if (priceFault(price) === null) return { key: 'refused' };
  return { key: 'priceDecimals', decimals: priceDecimals(price) };
}

function ofQty({ qty, orderClass }: OrderTerms): FieldFault {
  if (qty === undefined) return { key: 'required' };
  if (exact(qty).lte(0)) return { key: 'aboveZero' };
  if (decimals(qty) > 9) return { key: 'qtyDecimals' };
  return { key: decimals(qty) > 0 && orderClass !== 'simple' ? 'wholeForExits' : 'tooLarge' };
}

function ofNotional({ notional }: OrderTerms): FieldFault {
  if (notional === undefined) return { key: 'required' };
  if (exact(notional).lt(1)) return { key: 'dollarsMin' };
  if (decimals(notional) > 2) return { key: 'priceDecimals', decimals: 2 };
  return { key: exact(notional).gt('1000000000') ? 'dollarsTooLarge' : 'dollarsMarketDay' };
}

function ofTime({ qty, orderClass, type, timeInForce }: OrderTerms): FieldFault {
  if (orderClass !== 'simple') return { key: 'timeOfExits' };
  const isFraction = qty !== undefined && decimals(qty) > 0;
  const isStop = type !== 'market' && type !== 'limit';
  return { key: isFraction && (!isStop || timeInForce === 'gtc') ? 'fractionDay' : 'timeOfType' };
}

function ofTakeProfit(order: OrderTerms): FieldFault {
  const price = order.takeProfit?.limitPrice;
  if (price === undefined || priceFault(price) !== null) return ofPrice(price);
  return { key: order.side === 'buy' ? 'profitAboveStop' : 'profitBelowStop' };
}

/** Says by which rule the domain refused a field of an order. */
export function faultAt(field: FaultField, order: OrderTerms): FieldFault {
  switch (field) {
    case 'qty':
      return ofQty(order);
    case 'notional':
      return ofNotional(order);
    case 'timeInForce':
      return ofTime(order);
    case 'type':
      return { key: 'typeOfExits' };
    case 'extendedHours':
      return { key: 'extended' };
    case 'trailPercent':
      return { key: order.trailPercent === undefined ? 'required' : 'trailPercent' };
    case 'takeProfit.limitPrice':
      return ofTakeProfit(order);
    case 'stopLoss.stopPrice':
      return ofPrice(order.stopLoss?.stopPrice);
    case 'stopLoss.limitPrice':
      return ofPrice(order.stopLoss?.limitPrice);
    default:
      return ofPrice(order[field]);
  }
}
