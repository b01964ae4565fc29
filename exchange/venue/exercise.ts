import { findAsset, worthIn } from '../assets/asset';
import { sessionOf } from '../clock/calendar';
import { newYorkDay } from '../clock/new-york';
import { atLeastZero, formatMoney, formatQty } from '../decimal/decimal';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import type { Account } from '../ledger/account';
import { deliveryOf } from '../ledger/option-margin';
import { heldForOrders, worthOf } from '../ledger/valuation';
import { settleOption } from '../matching/expiries';
import { checkStaysCovered } from '../orders/options/check-option';
import { forbidden, notFound, Refusal, unprocessable } from '../orders/refusals';
import { contractNamed } from './prices';
import type { Venue } from './venue';

function contractOf(venue: Venue, wanted: string): OptionContract {
  const asset = findAsset(wanted);
  const contract = asset === undefined ? undefined : contractNamed(venue.market, asset.symbol);
  if (contract === undefined) throw unprocessable('invalid symbol');
  return contract;
}

/** Turns all contracts held into shares now (Alpaca OpenAPI: optionExercise). */
export function exercise(venue: Venue, account: Account, wanted: string): void {
  const contract = contractOf(venue, wanted);
  const { symbol } = contract;
  const held = account.positions.get(symbol)?.qty ?? 0n;
  if (held === 0n) throw notFound(`long position not found: ${symbol}`);
  if (held < 0n) throw new Refusal(403, 40310001, 'cannot exercise short position');
  const now = venue.clock.now();
  const close = venue.clock.alwaysOpen ? Infinity : (sessionOf(newYorkDay(now))?.close ?? Infinity);
  if (now >= close) {
    throw unprocessable('exercise requests are not accepted after market close until midnight');
  }
  const qty = held - heldForOrders(account, symbol);
  if (qty <= 0n) throw forbidden('no qty available to exercise');
  checkMeans(venue, account, contract, qty);
  const delivered = deliveryOf(qty, account.positions.get(symbol)?.delivers);
  const shares = contract.type === 'call' ? delivered : -delivered;
  const changes = [
    { symbol, qty: -qty },
    { symbol: contract.root, qty: shares },
  ];
  const worth = worthOf(account, venue.priceAt, now);
  checkStaysCovered(changes, contract.root, { account, worth, released: 0n });
  settleOption(venue, account, contract, { qty, how: 'exercise' });
}

/** A call asks for money, a put for shares. */
function checkMeans(venue: Venue, account: Account, contract: OptionContract, qty: bigint): void {
  const { root, strike, type, symbol } = contract;
  if (type === 'call') {
    const cost = worthIn(symbol, qty, BigInt(Math.round(strike * 1_000_000)));
    const { buyingPower } = worthOf(account, venue.priceAt, venue.clock.now());
    if (cost <= buyingPower) return;
    throw forbidden('insufficient buying power', {
      buying_power: formatMoney(buyingPower),
      cost_basis: formatMoney(cost),
    });
  }
  const required = deliveryOf(qty, account.positions.get(symbol)?.delivers);
  const available = atLeastZero((account.positions.get(root)?.qty ?? 0n) - heldForOrders(account, root));
  if (required <= available) return;
  const amounts = `required: ${formatQty(required)}, available: ${formatQty(available)}`;
  throw forbidden(`insufficient underlying qty available for exercise (${amounts})`);
}

/** Lets an option in the money expire (Alpaca OpenAPI: optionDoNotExercise). */
export function doNotExercise(venue: Venue, account: Account, wanted: string): void {
  const contract = contractOf(venue, wanted);
  const { symbol } = contract;
  const held = account.positions.get(symbol)?.qty ?? 0n;
  if (held === 0n) throw forbidden('no available position for the specified contract');
  if (held < 0n) throw new Refusal(403, 40310001, 'cannot submit DNE for short position');
  if (newYorkDay(venue.clock.now()) !== contract.expiry) {
    throw unprocessable('do-not-exercise instructions are only accepted on the expiration day');
  }
  venue.commit({ type: 'exercise_declined', account_id: account.id, symbol });
}
