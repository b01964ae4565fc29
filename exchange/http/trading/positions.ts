import { findAsset, positionSymbol } from '../../assets/asset';
import { absolute, divideRounded, ONE_SHARE, parseQty } from '../../decimal/decimal';
import type { Account, Position } from '../../ledger/account';
import { positionJson } from '../../ledger/valuation';
import { type Order, orderJson } from '../../orders/order';
import { PLAIN_ORDER } from '../../orders/order-request';
import { badRequest, notFound, Refusal, REFUSALS } from '../../orders/refusals';
import { doNotExercise, exercise } from '../../venue/exercise';
import { submitOrder } from '../../venue/submit-order';
import type { Venue } from '../../venue/venue';
import { type AccountCall, ok, param, type Reply } from '../call';
import { parseFlag } from '../query';

function toJson(venue: Venue, account: Account, position: Position): Record<string, unknown> {
  const now = venue.clock.now();
  const dayStart = venue.dayStart(now);
  const current = venue.priceAt(position.symbol, now) ?? 0n;
  const lastDay = venue.priceThen(position.symbol, dayStart - 1) ?? current;
  return positionJson(account, position, { current, lastDay, dayStart });
}

function findPosition(call: AccountCall): Position {
  const wanted = param(call, 'symbol');
  const asset = findAsset(wanted);
  if (asset === undefined) throw notFound(`symbol not found: ${wanted}`);
  const position = call.account.positions.get(asset.symbol);
  if (position === undefined) throw REFUSALS.noPosition();
  return position;
}

/** GET /v2/positions. */
export const listPositions = ({ venue, account }: AccountCall): Reply =>
  ok([...account.positions.values()].map((position) => toJson(venue, account, position)));

/** GET /v2/positions/{symbol or asset id}. */
export const getPosition = (call: AccountCall): Reply =>
  ok(toJson(call.venue, call.account, findPosition(call)));

/** DELETE /v2/positions/{symbol or asset id}?qty= or ?percentage=. */
export function closePosition(call: AccountCall): Reply {
  const position = findPosition(call);
  return ok(orderJson(close(call, position, closingQty(call.query, absolute(position.qty)))));
}

/** DELETE /v2/positions?cancel_orders=. */
export function closePositions(call: AccountCall): Reply {
  if (parseFlag(call.query.get('cancel_orders') ?? '') === true) {
    for (const order of call.account.open) {
      call.venue.commit({ type: 'order_canceled', order_id: order.id });
    }
  }
  const results = [...call.account.positions.values()].map((position) => {
    const symbol = positionSymbol(position.symbol);
    try {
      return { symbol, status: 200, body: orderJson(close(call, position, absolute(position.qty))) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { symbol, status: error.status, body: error.body() };
    }
  });
  return { status: 207, body: results };
}

/** POST /v2/positions/{symbol or contract id}/exercise. */
export function exercisePosition(call: AccountCall): Reply {
  exercise(call.venue, call.account, param(call, 'symbol'));
  return { status: 200 };
}

/** POST /v2/positions/{symbol or contract id}/do-not-exercise. */
export function declineExercise(call: AccountCall): Reply {
  doNotExercise(call.venue, call.account, param(call, 'symbol'));
  return { status: 200 };
}

function close({ venue, account }: AccountCall, position: Position, qty: bigint): Order {
  const side = position.qty > 0n ? 'sell' : 'buy';
  const timeInForce = findAsset(position.symbol)?.kind === 'crypto' ? 'gtc' : 'day';
  return submitOrder(venue, account, { ...PLAIN_ORDER, timeInForce, symbol: position.symbol, side, qty });
}

function closingQty(query: URLSearchParams, held: bigint): bigint {
  const [qty, percentage] = [query.get('qty'), query.get('percentage')];
  if (qty !== null && percentage !== null) throw badRequest('only one of qty or percentage is accepted');
  if (qty !== null) {
    const parsed = parseQty(qty);
    if (parsed === null || parsed <= 0n) throw REFUSALS.quantityNotPositive();
    return parsed;
  }
  if (percentage === null) return held;
  const parsed = parseQty(percentage);
  if (parsed === null || parsed <= 0n || parsed > 100n * ONE_SHARE) {
    throw badRequest('percentage must be between 0 and 100');
  }
  const part = divideRounded(held * parsed, 100n * ONE_SHARE);
  if (part === 0n) throw REFUSALS.quantityNotPositive();
  return part;
}
