import { ONE_SHARE, parseMoney, parseQty } from '../../decimal/decimal';
import type { OrderType, TimeInForce } from '../../journal/records';
import { PLAIN_ORDER } from '../../orders/order-request';
import { tickOf } from '../../market/ticks';
import { type ContractSpec, readContract } from '../contracts/contract';
import type { FieldReader } from '../wire/field-reader';
import { ERRORS, TwsRefusal } from '../wire/errors';

/** placeOrder, as far as it means something here. Nano-shares and micro-dollars. */
export interface PlacedOrder {
  readonly orderId: number;
  readonly contract: ContractSpec;
  readonly side: 'buy' | 'sell';
  readonly qty: bigint;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly limitPrice: bigint | null;
  readonly stopPrice: bigint | null;
  readonly trailPrice: bigint | null;
  readonly trailPercent: bigint | null;
  readonly outsideHours: boolean;
  readonly account: string;
  readonly orderRef: string;
  readonly transmit: boolean;
  readonly parentId: number;
}

const SIDES: Readonly<Record<string, 'buy' | 'sell'>> = { BUY: 'buy', SELL: 'sell' };
const TYPES: Readonly<Record<string, OrderType>> = {
  MKT: 'market',
  LMT: 'limit',
  STP: 'stop',
  'STP LMT': 'stop_limit',
  TRAIL: 'trailing_stop',
};
const TIMES: Readonly<Record<string, TimeInForce>> = {
  '': PLAIN_ORDER.timeInForce,
  DAY: 'day',
  GTC: 'gtc',
  IOC: 'ioc',
  FOK: 'fok',
  OPG: 'opg',
};

const reject = (why: string): TwsRefusal => new TwsRefusal(ERRORS.rejected(why));

/** The order id that a placeOrder begins with: what is wrong with the rest is told under it. */
export const readOrderId = (fields: FieldReader): number => fields.int();

/** The fields in the order that IB's EClient sends them at our version. */
interface Sent {
  readonly contract: ContractSpec;
  readonly action: string;
  readonly quantity: string | null;
  readonly type: string;
  readonly limit: string | null;
  readonly aux: string | null;
  readonly time: string;
  readonly ocaGroup: string;
  readonly account: string;
  readonly orderRef: string;
  readonly transmit: boolean;
  readonly parentId: number;
  readonly outsideHours: boolean;
  /** Names of what was asked for and is not had here. */
  readonly strange: readonly string[];
  readonly trailPercent: string | null;
}

function readFields(fields: FieldReader): Sent {
  const contract = readContract(fields);
  // Kind and value of another id.
  fields.skip(2);
  const action = fields.text().toUpperCase();
  const quantity = fields.decimal();
  const type = fields.text().toUpperCase();
  if (contract.secType === 'BAG') throw reject('Combination orders are not supported.');
  const [limit, aux, time, ocaGroup, account] = [
    fields.decimal(),
    fields.decimal(),
    fields.text().toUpperCase(),
    fields.text(),
    fields.text(),
  ];
  // Open or close, origin.
  fields.skip(2);
  const [orderRef, transmit, parentId] = [fields.text(), fields.flag(), fields.int()];
  // Block, sweep to fill, displayed size, trigger method.
  fields.skip(4);
  const outsideHours = fields.flag();
  const { strange, trailPercent } = readRest(fields);
  const terms = { contract, action, quantity, type, limit, aux, time, ocaGroup, account, orderRef };
  return { ...terms, transmit, parentId, outsideHours, strange, trailPercent };
}

/** What clients send for what they do not ask for. */
const IDLE: ReadonlySet<number> = new Set([0, -1]);

/** What follows the simple terms: nearly all of it is not had here, and is told of rather than passed over. */
function readRest(fields: FieldReader): { strange: string[]; trailPercent: string | null } {
  const strange: string[] = [];
  const note = (name: string, text: string | null): void => {
    if (text !== null && text !== '' && !IDLE.has(Number(text))) strange.push(name);
  };
  note('hidden', fields.text());
  fields.skip(1);
  note('discretionaryAmt', fields.decimal());
  note('goodAfterTime', fields.text());
  note('goodTillDate', fields.text());
  for (const name of ['faGroup', 'faMethod', 'faPercentage', 'modelCode']) note(name, fields.text());
  note('shortSaleSlot', fields.text());
  // Designated location, exempt code, OCA type, rule 80A, settling firm.
  fields.skip(5);
  note('allOrNone', fields.text());
  note('minQty', fields.decimal());
  // From the offset in percent to the overriding of constraints.
  fields.skip(11);
  fields.skip(2);
  const deltaNeutral = fields.text();
  note('deltaNeutralOrderType', deltaNeutral === 'None' ? '' : deltaNeutral);
  if (strange.includes('deltaNeutralOrderType')) return { strange, trailPercent: null };
  // Its price; where such a type is named eight more fields follow.
  fields.skip(deltaNeutral === '' ? 1 : 9);
  // Continuous update, reference price, the stop that a trailing order begins with.
  fields.skip(2);
  note('trailStopPrice', fields.decimal());
  const trailPercent = fields.decimal();
  note('scaleInitLevelSize', fields.decimal());
  note('scaleSubsLevelSize', fields.decimal());
  note('scalePriceIncrement', fields.decimal());
  if (strange.includes('scalePriceIncrement')) return { strange, trailPercent };
  fields.skip(3);
  note('hedgeType', fields.text());
  if (strange.includes('hedgeType')) return { strange, trailPercent };
  // Opting out of smart routing, clearing account and intent.
  fields.skip(3);
  note('notHeld', fields.text());
  note('deltaNeutralContract', fields.text());
  note('algoStrategy', fields.text());
  if (strange.includes('deltaNeutralContract') || strange.includes('algoStrategy'))
    return { strange, trailPercent };
  fields.skip(1);
  note('whatIf', fields.text());
  // Options, solicited, randomised size and price.
  fields.skip(4);
  note('conditions', fields.text());
  if (strange.includes('conditions')) return { strange, trailPercent };
  note('adjustedOrderType', fields.text());
  fields.skip(9);
  note('cashQty', fields.decimal());
  return { strange, trailPercent };
}

/** Reads placeOrder behind its order id. Throws a `TwsRefusal` for what cannot be had. */
export function readOrder(orderId: number, fields: FieldReader): PlacedOrder {
  const sent = readFields(fields);
  const side = SIDES[sent.action];
  if (side === undefined)
    throw new TwsRefusal(ERRORS.invalid(`Invalid order action ${sent.action.slice(0, 20)}`));
  const type = TYPES[sent.type];
  if (type === undefined)
    throw new TwsRefusal(ERRORS.invalid(`Invalid order type was entered: ${sent.type.slice(0, 20)}`));
  const timeInForce = TIMES[sent.time];
  if (timeInForce === undefined) {
    throw new TwsRefusal(ERRORS.invalid(`Invalid time in force: ${sent.time.slice(0, 20)}`));
  }
  const [strange] = sent.strange;
  if (strange !== undefined) throw reject(`${strange} is not supported.`);
  if (sent.ocaGroup !== '') throw reject('OCA groups are not supported.');
  return {
    orderId,
    contract: sent.contract,
    side,
    qty: quantityOf(sent.quantity),
    type,
    timeInForce,
    ...pricesOf(type, sent),
    outsideHours: sent.outsideHours,
    account: sent.account,
    orderRef: sent.orderRef,
    transmit: sent.transmit,
    parentId: sent.parentId,
  };
}

function quantityOf(text: string | null): bigint {
  const qty = parseQty(text ?? '0');
  if (qty === null || qty <= 0n) throw new TwsRefusal(ERRORS.invalid('Order size must be greater than zero'));
  if (qty % ONE_SHARE !== 0n) throw new TwsRefusal(ERRORS.fractional);
  return qty;
}

type Prices = Pick<PlacedOrder, 'limitPrice' | 'stopPrice' | 'trailPrice' | 'trailPercent'>;

/** The prices that a type has; clients send zeros for the others. */
function pricesOf(type: OrderType, { limit, aux, trailPercent }: Sent): Prices {
  const limits = type === 'limit' || type === 'stop_limit';
  const stops = type === 'stop' || type === 'stop_limit';
  const percent = type === 'trailing_stop' ? priceOf(trailPercent) : null;
  return {
    limitPrice: limits ? onTick(needed(limit, 'limit price')) : null,
    stopPrice: stops ? onTick(needed(aux, 'stop price')) : null,
    trailPercent: percent,
    trailPrice: type === 'trailing_stop' && percent === null ? needed(aux, 'trailing amount') : null,
  };
}

function needed(text: string | null, name: string): bigint {
  const price = priceOf(text);
  if (price === null) throw new TwsRefusal(ERRORS.invalid(`The ${name} must be greater than zero`));
  return price;
}

/** Null for what is not set: IB's clients also write that as 0. */
function priceOf(text: string | null): bigint | null {
  if (text === null) return null;
  // Clients that count in binary send what is a cent too long: the rest beyond a micro-dollar is theirs.
  const price = parseMoney(Number(text).toFixed(6));
  return price === null || price === 0n ? null : price;
}

function onTick(price: bigint): bigint {
  if (price < 0n || price % BigInt(tickOf(Number(price))) !== 0n) throw new TwsRefusal(ERRORS.priceIncrement);
  return price;
}
