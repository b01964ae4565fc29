import { worthIn } from '../../assets/asset';
import { atLeastZero, formatMoney, formatQty } from '../../decimal/decimal';
import type { OptionContract } from '../../derivatives/contracts/contract-book';
import { type Holding, optionMargins } from '../../ledger/option-margin';
import { heldForOrders } from '../../ledger/valuation';
import {
  type Accepted,
  checkClosing,
  checkExposure,
  checkWashTrade,
  intentOf,
  type Judgement,
} from '../check-order';
import { remainingQty } from '../order';
import type { OrderRequest } from '../order-request';
import { forbidden, REFUSALS, unprocessable } from '../refusals';

/** Alpaca docs: from half an hour before the close of the last day nothing is opened. */
const LAST_ENTRY_MS = 30 * 60_000;
const APPROVED_LEVEL = 3;

/** What an account may do with options, 0 to 3. */
export const optionLevel = ({ configurations }: Judgement['account']): number =>
  Math.min(APPROVED_LEVEL, configurations.max_options_trading_level ?? APPROVED_LEVEL);

/** Refuses what cannot be traded now, or not be opened any more. */
export function checkContract(contract: OptionContract, now: number, opens: boolean): void {
  const name = `contract "${contract.symbol}"`;
  if (now >= contract.expiresAt) throw unprocessable(`${name} is expired`);
  // Most brokers let adjusted contracts be closed only.
  if (opens && contract.suffix > 0) throw unprocessable(`${name} is adjusted, unable to open new positions`);
  if (opens && now >= contract.expiresAt - LAST_ENTRY_MS) {
    throw unprocessable(`${name} expires soon, unable to open new positions`);
  }
}

/** Judges an order in one option: long ones are paid in full, short ones covered by shares or by cash. */
export function checkOptionOrder(request: OrderRequest, by: Judgement, contract: OptionContract): Accepted {
  const { account, touch } = by;
  if (account.configurations.suspend_trade) throw REFUSALS.ordersSuspended();
  const level = optionLevel(account);
  if (level === 0) throw forbidden('account not authorized to trade options');
  if (request.type === 'market' && !by.open) {
    throw unprocessable('options market orders are only allowed during market hours');
  }
  const intent = intentOf(request, by);
  const opens = intent.endsWith('_to_open');
  checkContract(contract, by.now, opens);
  if (opens) checkExposure(by);
  else checkClosing(request, by);
  if (intent === 'buy_to_open' && level < 2) {
    throw forbidden('account not eligible to trade long option contracts');
  }
  checkWashTrade(request, by);
  if (intent === 'sell_to_close') {
    checkStaysCovered([{ symbol: contract.symbol, qty: -(request.qty ?? 0n) }], contract.root, by);
  }
  if (!opens) return { intent, reservePrice: 0n };
  if (intent === 'sell_to_open' && contract.type === 'call') {
    checkCover(request, by, contract);
    return { intent, reservePrice: 0n };
  }
  const strike = BigInt(Math.round(contract.strike * 1_000_000));
  const reservePrice = intent === 'sell_to_open' ? strike : (request.limitPrice ?? touch.ask);
  checkOptionMoney(worthIn(contract.symbol, request.qty ?? 0n, reservePrice), by);
  return { intent, reservePrice };
}

/** Options are bought, and puts secured, with cash alone. */
export function checkOptionMoney(required: bigint, by: Pick<Judgement, 'worth' | 'released'>): void {
  const available = by.worth.cashBuyingPower + by.released;
  if (required <= available) return;
  const amounts = `required: ${formatMoney(required)}, available: ${formatMoney(available)}`;
  throw forbidden(`insufficient options buying power (${amounts})`, {
    options_buying_power: formatMoney(available),
    cost_basis: formatMoney(required),
  });
}

/** What covers options sold may not go alone: shorts must stay covered by shares, other options or cash. */
export function checkStaysCovered(
  changes: readonly Holding[],
  root: string,
  by: Pick<Judgement, 'account' | 'worth' | 'released'>,
): void {
  const after = new Map<string, Holding>(by.account.positions);
  const before = optionMargins(by.account.positions.values()).get(root);
  if (before === undefined) return;
  for (const { symbol, qty } of changes) {
    const held = after.get(symbol);
    after.set(symbol, { ...held, symbol, qty: (held?.qty ?? 0n) + qty });
  }
  const margin = optionMargins(after.values()).get(root);
  if (margin === undefined) return;
  if (margin.uncovered > before.uncovered) {
    throw forbidden('account not eligible to trade uncovered option contracts');
  }
  checkOptionMoney(atLeastZero(margin.cash - before.cash), by);
}

function checkCover(request: OrderRequest, by: Judgement, { root }: OptionContract): void {
  const required = (request.qty ?? 0n) * 100n;
  const shares = atLeastZero(by.account.positions.get(root)?.qty ?? 0n);
  if (shares === 0n) throw forbidden('account not eligible to trade uncovered option contracts');
  const own = by.replacing === null ? 0n : remainingQty(by.replacing) * 100n;
  const available = atLeastZero(shares - heldForOrders(by.account, root) + own);
  if (required <= available) return;
  const amounts = `required: ${formatQty(required)}, available: ${formatQty(available)}`;
  throw forbidden(`insufficient underlying qty available for covered call (${amounts})`, {
    symbol: root,
  });
}
