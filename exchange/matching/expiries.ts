import { worthIn } from '../assets/asset';
import { absolute, formatMoney, formatQty } from '../decimal/decimal';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import type { Account, Position } from '../ledger/account';
import { deliveryOf } from '../ledger/option-margin';
import { worthOf } from '../ledger/valuation';
import { PLAIN_ORDER } from '../orders/order-request';
import { Refusal } from '../orders/refusals';
import { contractNamed, intrinsicOf } from '../venue/prices';
import { submitOrder } from '../venue/submit-order';
import type { Venue } from '../venue/venue';

/** Alpaca docs: in the last half hour what could not be paid for is sold. */
const LIQUIDATION_MS = 30 * 60_000;
/** Alpaca docs: in the money by a cent is exercised. */
const LEAST_VALUE = 10_000n;

/** Brings options whose time has come to their end: exercised, assigned or worthless. */
export function settleExpiries(venue: Venue): void {
  const now = venue.clock.now();
  settleExpired(venue, now);
  for (const { account, position, contract } of optionsOf(venue)) {
    if (now < contract.expiresAt - LIQUIDATION_MS) continue;
    if (cannotBeExercised(venue, account, { position, contract })) liquidate(venue, account, position);
  }
}

/** Ends the options that had expired by an instant, in the order of their expiry. */
export function settleExpired(venue: Venue, until: number): void {
  const expired = optionsOf(venue).filter(({ contract }) => until >= contract.expiresAt);
  expired.sort((a, b) => a.contract.expiresAt - b.contract.expiresAt);
  for (const { account, position, contract } of expired) expire(venue, account, { position, contract });
}

interface Held {
  readonly position: Position;
  readonly contract: OptionContract;
}

/** All options that anybody holds. */
export function optionsOf(venue: Venue): (Held & { readonly account: Account })[] {
  const found: (Held & { readonly account: Account })[] = [];
  for (const account of venue.books.accounts.values()) {
    for (const position of account.positions.values()) {
      const contract = contractNamed(venue.market, position.symbol);
      if (contract !== undefined) found.push({ account, position, contract });
    }
  }
  return found;
}

function expire(venue: Venue, account: Account, { position, contract }: Held): void {
  const { symbol, qty } = position;
  const worthless = intrinsicOf(venue.market, contract, contract.expiresAt) < LEAST_VALUE;
  const how = qty < 0n ? 'assignment' : 'exercise';
  const ends = worthless || (qty > 0n && account.notExercised.has(symbol));
  const { expiresAt: effective } = contract;
  settleOption(venue, account, contract, { qty, how: ends ? 'expiry' : how, effective });
}

/**
 * Closes contracts; unless they just expire, the shares they deliver (100, if no split adjusted them)
 * change hands for 100 times the strike.
 */
export function settleOption(
  venue: Venue,
  account: Account,
  contract: OptionContract,
  of: { qty: bigint; how: 'exercise' | 'assignment' | 'expiry'; effective?: number },
): void {
  const buys = (contract.type === 'call') === of.qty > 0n;
  const delivers = account.positions.get(contract.symbol)?.delivers;
  const size = of.how === 'expiry' ? 0n : absolute(of.qty);
  const shares = deliveryOf(size, delivers) * (buys ? 1n : -1n);
  const strike = BigInt(Math.round(contract.strike * 1_000_000));
  const value = worthIn(contract.symbol, size, strike) * (buys ? 1n : -1n);
  venue.commit({
    type: 'option_settled',
    account_id: account.id,
    symbol: contract.symbol,
    how: of.how,
    qty: formatQty(of.qty),
    underlying: contract.root,
    shares: formatQty(shares),
    strike: formatMoney(strike),
    ...(delivers === undefined ? {} : { value: formatMoney(value) }),
    ...(of.effective === undefined ? {} : { effective: of.effective }),
  });
}

/** Whether a long option in the money asks for more money or shares than there are. */
function cannotBeExercised(venue: Venue, account: Account, { position, contract }: Held): boolean {
  const { symbol, qty } = position;
  const now = venue.clock.now();
  if (qty < 0n || account.notExercised.has(symbol)) return false;
  if (
    [...account.open].some((order) => order.symbol === symbol) ||
    !venue.isTrading({ symbol, extendedHours: false })
  ) {
    return false;
  }
  if (intrinsicOf(venue.market, contract, now) < LEAST_VALUE) return false;
  // Together with a short one it is a spread: both end at once, and neither may go alone.
  const short = (other: Position): boolean =>
    other.qty < 0n && contractNamed(venue.market, other.symbol)?.root === contract.root;
  if ([...account.positions.values()].some(short)) return false;
  const shares = account.positions.get(contract.root)?.qty ?? 0n;
  if (contract.type === 'put') return shares < deliveryOf(qty, position.delivers);
  const cost = worthIn(symbol, qty, BigInt(Math.round(contract.strike * 1_000_000)));
  return cost > worthOf(account, venue.priceAt, now).buyingPower;
}

function liquidate(venue: Venue, account: Account, { symbol, qty }: Position): void {
  try {
    submitOrder(venue, account, { ...PLAIN_ORDER, symbol, side: 'sell', qty });
  } catch (error) {
    // A suspended account trades nothing: the option is then exercised on credit.
    if (!(error instanceof Refusal)) throw error;
  }
}
