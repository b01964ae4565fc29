import { z } from 'zod';
import { findAsset } from '../assets/asset';
import { absolute, formatMoney, formatQty, ONE_DOLLAR, parseMoney, parseQty } from '../decimal/decimal';
import type { Call, Reply } from '../http/call';
import type { Account } from '../ledger/account';
import { fillOrder } from '../matching/fill-order';
import { nestedJson, remainingQty } from '../orders/order';
import { readOrderRequest } from '../orders/order-request';
import { badRequest, notFound, unprocessable } from '../orders/refusals';
import { isOpen, isWorking } from '../orders/status';
import { openAccount, resetAccount } from '../venue/accounts';
import { cancelAll } from '../venue/change-order';
import { submitOrder } from '../venue/submit-order';
import type { Venue } from '../venue/venue';
import { readControl } from './read-control';

const decimal = z.union([z.string(), z.number()]);
const accountBody = z.object({
  key_id: z.string().min(1).max(64).optional(),
  secret_key: z.string().min(1).max(128).optional(),
  cash: decimal.optional(),
});
const resetBody = z.object({ key_id: z.string(), cash: decimal.optional() });
const cashBody = z.object({ key_id: z.string(), cash: decimal });
const positionBody = z.object({
  key_id: z.string(),
  symbol: z.string(),
  qty: decimal,
  price: decimal.optional(),
  untold: z.boolean().default(false),
});
const orderBody = z.object({ key_id: z.string(), order: z.looseObject({}) });
const fillBody = z.object({ order_id: z.string(), qty: decimal.optional(), price: decimal.optional() });

function accountOf(venue: Venue, keyId: string): Account {
  const account = venue.books.byKeyId.get(keyId);
  if (account === undefined) throw notFound(`account not found for ${keyId}`);
  return account;
}

function moneyOf(value: string | number, name: string): bigint {
  const money = parseMoney(String(value));
  if (money === null) throw badRequest(`${name} must be a decimal`);
  return money;
}

function openingCash(wish: string | number | undefined): bigint {
  const cash = wish === undefined ? 100_000n * ONE_DOLLAR : parseMoney(String(wish));
  if (cash === null || cash < 0n) throw badRequest('cash must be a decimal >= 0');
  return cash;
}

/** POST /control/accounts. */
export function postAccount({ venue, body }: Call): Reply {
  const wish = readControl(accountBody, body);
  const cash = openingCash(wish.cash);
  const { account, secret, created } = openAccount(venue, {
    keyId: wish.key_id,
    secret: wish.secret_key,
    cash,
  });
  return {
    status: created ? 201 : 200,
    body: {
      account_id: account.id,
      account_number: account.number,
      key_id: account.keyId,
      secret_key: secret,
      cash: formatMoney(account.cash),
    },
  };
}

/** POST /control/accounts/reset: what was open is canceled, and the same keys open a new account. */
export function postReset({ venue, body }: Call): Reply {
  const wish = readControl(resetBody, body);
  const old = accountOf(venue, wish.key_id);
  const cash = openingCash(wish.cash);
  cancelAll(venue, old);
  const account = resetAccount(venue, old, cash);
  return {
    status: 201,
    body: { account_id: account.id, account_number: account.number, key_id: account.keyId },
  };
}

/** POST /control/cash: the difference to the wished cash is paid in or out. */
export function postCash({ venue, body }: Call): Reply {
  const wish = readControl(cashBody, body);
  const account = accountOf(venue, wish.key_id);
  const amount = moneyOf(wish.cash, 'cash') - account.cash;
  if (amount !== 0n) {
    venue.commit({ type: 'cash_moved', account_id: account.id, amount: formatMoney(amount) });
  }
  return { status: 200, body: { key_id: account.keyId, cash: formatMoney(account.cash) } };
}

/** POST /control/positions: the difference to the wished quantity comes from outside, unpaid. */
export function postPosition({ venue, body }: Call): Reply {
  const wish = readControl(positionBody, body);
  const account = accountOf(venue, wish.key_id);
  const instrument = findAsset(wish.symbol);
  if (instrument === undefined) throw notFound(`symbol not found: ${wish.symbol}`);
  const { symbol } = instrument;
  const wanted = parseQty(String(wish.qty));
  if (wanted === null) throw badRequest('qty must be a decimal');
  const price = wish.price === undefined ? venue.touch(symbol).last : moneyOf(wish.price, 'price');
  const held = account.positions.get(symbol)?.qty ?? 0n;
  const grows = absolute(wanted) > absolute(held) || wanted * held < 0n;
  if (grows && (instrument.option?.suffix ?? 0) > 0)
    throw unprocessable('adjusted contracts come of splits alone');
  const qty = wanted - held;
  if (qty !== 0n) {
    const moved = { symbol, qty: formatQty(qty), price: formatMoney(price) };
    const told = wish.untold ? { untold: true } : {};
    venue.commit({ type: 'position_moved', account_id: account.id, ...moved, ...told });
  }
  return { status: 200, body: { key_id: account.keyId, symbol, qty: formatQty(wanted) } };
}

/** POST /control/orders: an order that the account's owner entered somewhere else. */
export function postExternalOrder({ venue, body }: Call): Reply {
  const wish = readControl(orderBody, body);
  const account = accountOf(venue, wish.key_id);
  return { status: 200, body: nestedJson(submitOrder(venue, account, readOrderRequest(wish.order))) };
}

/** POST /control/fills: executes an open order now, in part or whole, at any price. */
export function postFill({ venue, body }: Call): Reply {
  const wish = readControl(fillBody, body);
  const order = venue.books.orders.get(wish.order_id);
  if (order === undefined) throw notFound(`order not found for ${wish.order_id}`);
  if (!isOpen(order.status) || order.status === 'held') {
    throw unprocessable(`order is already in "${order.status}" state`);
  }
  if (order.orderClass === 'mleg') throw unprocessable('mleg orders are filled as a whole, by the market');
  const rest = remainingQty(order);
  const qty = wish.qty === undefined ? rest : parseQty(String(wish.qty));
  if (qty === null || qty <= 0n || qty > rest) throw badRequest('qty must be > 0 and at most what remains');
  const touch = venue.touch(order.symbol);
  const market = order.side === 'buy' ? touch.ask : touch.bid;
  const price = wish.price === undefined ? (order.limitPrice ?? market) : moneyOf(wish.price, 'price');
  const waits = order.status === 'accepted' || order.status === 'pending_new';
  if (waits && !isWorking(order.status)) venue.commit({ type: 'order_working', order_id: order.id });
  fillOrder(venue, order, { qty, price, complete: qty === rest });
  return { status: 200, body: nestedJson(order) };
}
