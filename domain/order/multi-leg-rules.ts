import type { FieldError } from '../errors';
import { readOption } from '../market/option-contract';
import { decimals, exact } from '../money';
import { netPriceFault, qtyFault } from './amount-rules';
import { contractFaults, intentFault } from './option-rules';
import type { OrderLeg } from './order';
import type { OrderTerms } from './order-rules';

const one = (field: string, message: string | null): FieldError[] =>
  message === null ? [] : [{ field, message }];

const MISPLACED = [
  'positionIntent',
  'stopPrice',
  'trailPrice',
  'trailPercent',
  'takeProfit',
  'stopLoss',
] as const;

/** Everything the venue would refuse of an order of several options (Alpaca docs: options level 3). */
export function multiLegFaults(order: OrderTerms): FieldError[] {
  const { symbol, side, qty, legs } = order;
  const misplaced = MISPLACED.filter((name) => order[name] !== undefined);
  return [
    ...(symbol ? one('symbol', 'does not belong to an mleg order; name symbols in legs') : []),
    ...(side === 'sell' ? one('side', 'does not belong to an mleg order; name sides in legs') : []),
    ...contractFaults(order),
    ...misplaced.flatMap((name) => one(name, 'does not belong to an mleg order')),
    ...one('qty', qty === undefined ? 'is required: how many times the legs' : qtyFault(qty)),
    ...one('limitPrice', limitFault(order)),
    ...legsFaults(legs ?? []),
  ];
}

function limitFault({ type, limitPrice }: OrderTerms): string | null {
  if (type === 'market') return limitPrice === undefined ? null : 'does not belong to a market order';
  if (limitPrice === undefined) return 'is required for a limit order: above 0 is paid, below received';
  return netPriceFault(limitPrice);
}

function legsFaults(legs: readonly OrderLeg[]): FieldError[] {
  if (legs.length < 2 || legs.length > 4) return one('legs', 'must be 2 to 4');
  const faults = legs.flatMap(({ symbol, side, ratioQty, positionIntent }, at) => [
    ...one(`legs.${at}.symbol`, readOption(symbol) === null ? 'must be an option contract' : null),
    ...one(`legs.${at}.ratioQty`, ratioFault(ratioQty)),
    ...one(`legs.${at}.positionIntent`, intentFault(positionIntent, side)),
  ]);
  return faults.length > 0 ? faults : one('legs', togetherFault(legs));
}

function ratioFault(ratio: string): string | null {
  if (exact(ratio).lte(0) || decimals(ratio) > 0) return 'must be a whole number above 0';
  return exact(ratio).gt(999_999) ? 'must not be above 999999' : null;
}

function togetherFault(legs: readonly OrderLeg[]): string | null {
  if (new Set(legs.map(({ symbol }) => symbol)).size < legs.length) return 'must each be another contract';
  if (new Set(legs.map(({ symbol }) => readOption(symbol)?.underlying)).size > 1)
    return 'must be on the same underlying';
  if (legs.map(({ ratioQty }) => Number(ratioQty)).reduce(divisor) > 1)
    return 'must have ratios in lowest terms: divide each ratioQty by their common divisor, and raise qty';
  return isCovered(legs) ? null : 'sold to open must be covered by legs bought to open that live as long';
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** Whether every option sold to open has one of its kind beside it, bought to open, that lives as long. */
export function isCovered(legs: readonly OrderLeg[]): boolean {
  const opened = legs.flatMap((leg) => {
    const option = readOption(leg.symbol);
    return option === null || leg.positionIntent.endsWith('_to_close') ? [] : [{ ...leg, ...option }];
  });
  return (['call', 'put'] as const).every((kind) => {
    const shorts = opened.filter((leg) => leg.kind === kind && leg.side === 'sell');
    const last = shorts.map(({ expiresOn }) => expiresOn).reduce((a, b) => (a > b ? a : b), '');
    const longs = opened.filter((leg) => leg.kind === kind && leg.side === 'buy' && leg.expiresOn >= last);
    return contracts(longs) >= contracts(shorts);
  });
}

const contracts = (legs: readonly OrderLeg[]): number =>
  legs.reduce((sum, { ratioQty }) => sum + Number(ratioQty), 0);
