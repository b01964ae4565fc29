import { formatMoney, formatQty } from '../../decimal/decimal';
import type { OrderType, TimeInForce } from '../../journal/records';
import { contractFields, type TwsContract } from '../contracts/contract';
import type { Field } from '../wire/frame';
import { ANSWERS } from '../wire/message-ids';
import { stamp } from '../wire/times';
import { type OrderLine, statusOf } from './order-line';

const TYPES: Readonly<Record<OrderType, string>> = {
  market: 'MKT',
  limit: 'LMT',
  stop: 'STP',
  stop_limit: 'STP LMT',
  trailing_stop: 'TRAIL',
};
const TIMES: Readonly<Record<TimeInForce, string>> = {
  day: 'DAY',
  gtc: 'GTC',
  ioc: 'IOC',
  fok: 'FOK',
  opg: 'OPG',
  cls: 'DAY',
};

const price = (value: bigint | null): string => (value === null ? '' : formatMoney(value));
const none = (count: number): Field[] => Array.from({ length: count }, () => '');
const zeros = (count: number): Field[] => Array.from({ length: count }, () => 0);

/** Type and time: an order for the close is a type at IB, not a time. */
function kindOf({ head }: OrderLine): { type: string; time: string } {
  const type = TYPES[head.type];
  const onClose = head.timeInForce === 'cls';
  return { type: onClose ? (type === 'MKT' ? 'MOC' : 'LOC') : type, time: TIMES[head.timeInForce] };
}

/** Stop of a stop, distance of a trailing one. */
function auxOf({ head }: OrderLine): string {
  return head.type === 'trailing_stop' ? price(head.trailPrice) : price(head.stopPrice);
}

/** Total quantity: what traded and what remains. */
function totalOf(line: OrderLine): string {
  const before = line.filled - line.head.filledQty;
  return formatQty(before + (line.head.qty ?? line.head.filledQty));
}

/** Contract, side, quantity, type, prices, time, OCA group, account, open or close, origin, reference. */
function termFields(line: OrderLine, contract: TwsContract, number: string): Field[] {
  const { head } = line;
  const { type, time } = kindOf(line);
  const side = head.side === 'buy' ? 'BUY' : 'SELL';
  const prices = [head.type === 'stop' ? '' : price(head.limitPrice), auxOf(line)];
  return [
    ...contractFields(contract),
    side,
    totalOf(line),
    type,
    ...prices,
    time,
    '',
    number,
    '',
    0,
    line.orderRef,
  ];
}

/** Where a trailing stop stands, and its distance in percent. */
const trailFields = ({ head }: OrderLine): Field[] => [
  head.type === 'trailing_stop' ? price(head.stopPrice) : '',
  price(head.trailPercent),
];

/** The message openOrder, in the order of fields that IB's EOrderDecoder has at our version. */
export function openOrderFields(line: OrderLine, contract: TwsContract, number: string): Field[] {
  const { head } = line;
  return [
    ANSWERS.openOrder,
    line.orderId,
    ...termFields(line, contract, number),
    line.clientId,
    line.permId,
    head.extendedHours,
    // Hidden, discretionary amount, good-after time, shares allocation; financial advisors' fields; model.
    0,
    0,
    ...none(2),
    ...none(4),
    // Good-till date, rule 80A, percent offset, settling firm; short sales; auction strategy.
    ...none(4),
    0,
    '',
    -1,
    0,
    // Box and pegged orders, displayed size.
    ...none(6),
    // Block, sweep, all-or-none, least quantity, OCA type, e-trade only, firm quotes only, price cap.
    ...zeros(3),
    '',
    ...zeros(3),
    '',
    line.parentId,
    // Trigger method; volatility orders.
    0,
    ...none(1),
    0,
    ...none(2),
    0,
    0,
    ...trailFields(line),
    // Basis points; combos.
    ...none(3),
    ...zeros(3),
    // Scale orders, hedges.
    ...none(4),
    // Opting out of smart routing, clearing, not held, delta neutral.
    0,
    ...none(2),
    ...zeros(2),
    // Algorithms, solicited, what-if.
    '',
    ...zeros(2),
    statusOf(line),
    // Margin before, its change, after; commission, its least and most, its currency; warning.
    ...none(9),
    ...none(5),
    // Randomised size and price; conditions.
    ...zeros(3),
    // Adjusted orders.
    ...none(7),
    0,
    // Soft dollars, cash quantity.
    ...none(4),
    // Price for hedges, OMS container, discretionary up to limit, price management, duration, ATS.
    ...zeros(5),
    '',
    // Cancelled with its parent; pegged-best orders.
    0,
    ...none(5),
  ];
}

const WHY: Readonly<Record<string, string>> = {
  Cancelled: 'Cancelled by Trader',
  Inactive: 'Rejected by the exchange',
};

/** The message completedOrder: it has no order id, only the permanent one. */
export function completedOrderFields(line: OrderLine, contract: TwsContract, number: string): Field[] {
  const { head } = line;
  const status = statusOf(line);
  return [
    ANSWERS.completedOrder,
    ...termFields(line, contract, number),
    line.permId,
    head.extendedHours,
    0,
    0,
    '',
    ...none(4),
    ...none(4),
    0,
    '',
    -1,
    ...none(5),
    // Displayed size, sweep, all-or-none, least quantity, OCA type, trigger method.
    '',
    ...zeros(2),
    '',
    ...zeros(2),
    ...none(1),
    0,
    ...none(2),
    0,
    0,
    ...trailFields(line),
    '',
    ...zeros(3),
    ...none(4),
    ...none(2),
    ...zeros(2),
    '',
    0,
    status,
    ...zeros(3),
    // Trailing stop price and limit offset, cash quantity; price for hedges, OMS container; auto-cancel date.
    ...none(3),
    ...zeros(2),
    '',
    formatQty(line.filled),
    // Reference future, cancelled with its parent, shareholder, imbalance only, marketable to best offer.
    0,
    0,
    '',
    0,
    0,
    0,
    stamp(endedAt(line)),
    WHY[status] ?? `Filled Size: ${formatQty(line.filled)}`,
    ...none(5),
  ];
}

/** When a line ended. */
export function endedAt({ head }: OrderLine): number {
  return head.filledAt ?? head.canceledAt ?? head.expiredAt ?? head.failedAt ?? head.updatedAt;
}

/** The message orderStatus. `last` is the price of the execution it tells of. */
export function statusFields(line: OrderLine, last = 0n): Field[] {
  const { filled, remaining, averagePrice, permId, parentId, clientId, orderId } = line;
  return [
    ANSWERS.orderStatus,
    orderId,
    statusOf(line),
    formatQty(filled),
    formatQty(remaining),
    formatMoney(averagePrice),
    permId,
    parentId,
    formatMoney(last),
    clientId,
    // Why it is held, and the cap on its price.
    '',
    0,
  ];
}
