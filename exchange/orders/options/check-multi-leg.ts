import { findAsset } from '../../assets/asset';
import { atLeastZero, ONE_SHARE } from '../../decimal/decimal';
import type { OptionContract } from '../../derivatives/contracts/contract-book';
import { optionCash } from '../../ledger/option-margin';
import { heldForOrders } from '../../ledger/valuation';
import type { Touch } from '../../matching/paper-rule';
import { checkClosing, checkExposure, intentOf, type Judgement } from '../check-order';
import { type OrderRequest, PLAIN_ORDER } from '../order-request';
import { forbidden, REFUSALS, unprocessable } from '../refusals';
import { checkContract, checkOptionMoney, checkStaysCovered, optionLevel } from './check-option';
import type { LegRequest } from './read-legs';

/** A leg with what the venue knows of its contract. */
export interface KnownLeg extends LegRequest {
  readonly contract: OptionContract;
  readonly touch: Touch;
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
  for (const [index, leg] of legs.entries()) {
    checkLeg(leg, units, { ...by, replacing: by.replacing?.legs[index] ?? null });
  }
  if (legs.some(({ intent }) => intent === 'sell_to_close')) {
    const changes = legs.map(({ symbol, side, ratio }) => ({
      symbol,
      qty: (side === 'buy' ? ratio : -ratio) * units,
    }));
    checkStaysCovered(changes, legs[0]?.contract.root ?? '', by);
  }
  const opened = legs.filter(({ intent }) => intent.endsWith('_to_open'));
  if (opened.length > 0) checkExposure(by);
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
