import { z } from 'zod';
import { findAsset } from '../assets/asset';
import { atLeastZero, ONE_SHARE, parseMoney } from '../decimal/decimal';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { POSITION_INTENTS, type PositionIntent, type Side } from '../journal/records';
import { optionCash } from '../ledger/option-margin';
import { heldForOrders } from '../ledger/valuation';
import type { Touch } from '../matching/paper-rule';
import { checkClosing, intentOf, type Judgement } from './check-order';
import { checkContract, checkOptionMoney, optionLevel } from './check-option';
import { type OrderRequest, PLAIN_ORDER } from './order-request';
import { decimal, oneOf } from './read-decimal';
import { badRequest, forbidden, REFUSALS, unprocessable } from './refusals';

const legBody = z.looseObject({
  symbol: z.string(),
  ratio_qty: decimal,
  side: z.string().nullish(),
  position_intent: z.string().nullish(),
});
const CENT = 10_000n;

/** A part of an order of several options. */
export interface LegRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly intent: PositionIntent;
  /** Contracts for each unit of the order. */
  readonly ratio: bigint;
}

/** A leg with what the venue knows of its contract. */
export interface KnownLeg extends LegRequest {
  readonly contract: OptionContract;
  readonly touch: Touch;
}

/** Reads the legs of a multi-leg order (Alpaca docs: options level 3). */
export function readLegs(sent: readonly unknown[]): LegRequest[] {
  if (sent.length < 2 || sent.length > 4) {
    throw unprocessable('mleg orders must have at least 2 legs and at most 4 legs');
  }
  const legs = sent.map(readLeg);
  if (new Set(legs.map(({ symbol }) => symbol)).size < legs.length) {
    throw unprocessable('mleg legs must have unique symbols');
  }
  if (legs.map(({ ratio }) => ratio).reduce(divisor) > 1n) {
    throw unprocessable('mleg leg ratio quantities should be relatively prime');
  }
  return legs;
}

const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b));

function readLeg(sent: unknown, index: number): LegRequest {
  const parsed = legBody.safeParse(sent);
  if (!parsed.success) throw REFUSALS.malformedBody();
  const { symbol, ratio_qty, side, position_intent } = parsed.data;
  if (!position_intent) throw unprocessable(`leg.${index} position intent is required`);
  const intent = oneOf(POSITION_INTENTS, position_intent, `leg.${index} invalid position intent`);
  const implied = intent.startsWith('buy') ? 'buy' : 'sell';
  if (side && side !== implied) throw unprocessable(`leg.${index} side does not match its position intent`);
  const ratio = /^\d{1,6}$/.test(String(ratio_qty)) ? BigInt(String(ratio_qty)) : 0n;
  if (ratio === 0n) throw unprocessable(`leg.${index} ratio qty must be a positive integer`);
  const asset = findAsset(symbol);
  if (asset !== undefined && asset.kind !== 'us_option') {
    throw unprocessable(`leg.${index} must be an option: equity legs are not supported`);
  }
  return { symbol: asset?.symbol ?? symbol, side: implied, intent, ratio };
}

/** A net price a share: positive is paid, negative received. */
export function readNetPrice(sent: string | number | null | undefined): bigint | null {
  if (sent === null || sent === undefined || sent === '') return null;
  const price = parseMoney(String(sent));
  if (price === null) throw badRequest(`invalid limit_price ${String(sent).slice(0, 40)}`);
  if (price % CENT === 0n) return price;
  throw unprocessable(
    `invalid limit_price ${String(sent)}. sub-penny increment does not fulfill minimum pricing criteria`,
  );
}

/** What a unit of the order costs a share at the best prices; null when a leg finds nobody. */
export function netPrice(legs: readonly Pick<KnownLeg, 'side' | 'ratio' | 'touch'>[]): bigint | null {
  let net = 0n;
  for (const { side, ratio, touch } of legs) {
    const price = side === 'buy' ? touch.ask : touch.bid;
    if (price === 0n) return null;
    net += side === 'buy' ? ratio * price : -ratio * price;
  }
  return net;
}

/** Judges an order of several options; answers the money that one unit of it holds back, micro-dollars. */
export function checkMultiLeg(
  request: OrderRequest,
  legs: readonly KnownLeg[],
  by: Omit<Judgement, 'asset' | 'touch'>,
): bigint {
  const { account } = by;
  if (account.configurations.suspend_trade) throw REFUSALS.ordersSuspended();
  const level = optionLevel(account);
  if (level === 0) throw forbidden('account not authorized to trade options');
  if (level < 3) throw forbidden('account not eligible to trade spreads or uncovered contracts');
  if (request.type === 'market' && !by.open) {
    throw unprocessable('options market orders are only allowed during market hours');
  }
  if (new Set(legs.map(({ contract }) => contract.root)).size > 1) {
    throw unprocessable('mleg legs must have the same underlying');
  }
  const units = request.qty ?? 0n;
  for (const leg of legs) checkLeg(leg, units, by);
  const opened = legs.filter(({ intent }) => intent.endsWith('_to_open'));
  checkCovered(opened);
  const holdings = opened.map(({ symbol, side, ratio }) => ({
    symbol,
    qty: (side === 'buy' ? ratio : -ratio) * ONE_SHARE,
  }));
  // Alpaca docs: the most that can be lost by the universal spread rule, and the net price.
  const net = (request.limitPrice ?? netPrice(legs) ?? 0n) * 100n;
  const unit = atLeastZero(optionCash(holdings) + net);
  checkOptionMoney((unit * units) / ONE_SHARE, by);
  return unit;
}

function checkLeg(leg: KnownLeg, units: bigint, by: Omit<Judgement, 'asset' | 'touch'>): void {
  const { symbol, side, intent, ratio, contract, touch } = leg;
  checkContract(contract, by.now, intent.endsWith('_to_open'));
  const request = { ...PLAIN_ORDER, symbol, side, qty: units * ratio, positionIntent: intent };
  const asset = findAsset(symbol);
  if (asset === undefined) throw unprocessable(`contract "${symbol}" not found`);
  intentOf(request, by);
  if (intent.endsWith('_to_close')) checkClosing(request, { ...by, asset, touch });
  else if (heldForOrders(by.account, symbol) > 0n) {
    throw unprocessable(`position intent mismatch, orders to close "${symbol}" are open`);
  }
}

/** Every option sold to open must be covered by one bought in the same order that lives as long. */
function checkCovered(opened: readonly KnownLeg[]): void {
  for (const type of ['call', 'put'] as const) {
    const own = opened.filter(({ contract }) => contract.type === type);
    const shorts = own.filter(({ side }) => side === 'sell');
    const last = Math.max(...shorts.map(({ contract }) => contract.expiry));
    const longs = own.filter(({ side, contract }) => side === 'buy' && contract.expiry >= last);
    const count = (legs: readonly KnownLeg[]): bigint => legs.reduce((sum, { ratio }) => sum + ratio, 0n);
    if (count(shorts) > count(longs)) {
      throw forbidden('account not eligible to trade uncovered option contracts');
    }
  }
}
