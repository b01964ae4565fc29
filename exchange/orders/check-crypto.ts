import {
  absolute,
  atLeastZero,
  formatMoney,
  formatQty,
  ONE_DOLLAR,
  ONE_SHARE,
  valueOf,
} from '../decimal/decimal';
import { heldForOrders } from '../ledger/valuation';
import { type Accepted, checkStopSide, checkWashTrade, intentOf, type Judgement } from './check-order';
import { remainingQty } from './order';
import type { OrderRequest } from './order-request';
import { forbidden, REFUSALS } from './refusals';

const LEAST = 10n * ONE_DOLLAR;

/** Judges an order in a crypto pair: bought with cash alone, and never sold short. */
export function checkCryptoOrder(request: OrderRequest, by: Judgement): Accepted {
  const { account, touch } = by;
  if (account.configurations.suspend_trade) throw REFUSALS.ordersSuspended();
  checkStopSide(request, touch);
  const intent = intentOf(request, by);
  const price = request.limitPrice ?? (request.side === 'buy' ? touch.ask : touch.bid);
  const cost = request.notional ?? valueOf(request.qty ?? 0n, price);
  const sellsAll = request.side === 'sell' && checkCoins(request, by, price);
  if (cost < LEAST && !sellsAll) throw forbidden('cost basis must be >= minimal amount of order 10');
  checkWashTrade(request, by);
  if (request.side === 'sell') return { intent, reservePrice: 0n };
  const available = by.worth.cashBuyingPower + by.released;
  if (cost > available) throw shortOf('USD', formatMoney(cost), formatMoney(available));
  return { intent, reservePrice: price };
}

/** There must be the coins that are sold. Says whether these are all of them. */
function checkCoins(request: OrderRequest, by: Judgement, price: bigint): boolean {
  const { account, replacing } = by;
  const existing = absolute(account.positions.get(request.symbol)?.qty ?? 0n);
  const own = replacing === null ? 0n : remainingQty(replacing);
  const available = atLeastZero(existing - heldForOrders(account, request.symbol) + own);
  const wanted = request.qty ?? ((request.notional ?? 0n) * ONE_SHARE) / price;
  if (wanted > available) {
    const [coin = ''] = request.symbol.split('/');
    throw shortOf(coin, formatQty(wanted), formatQty(available));
  }
  return wanted === existing;
}

const shortOf = (symbol: string, requested: string, available: string): Error =>
  forbidden(`insufficient balance for ${symbol} (requested: ${requested}, available: ${available})`, {
    available,
    symbol,
  });
