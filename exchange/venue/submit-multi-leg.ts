import { newYorkDay } from '../clock/new-york';
import { formatMoney, formatQty } from '../decimal/decimal';
import { optionMarketOf } from '../derivatives/option-market';
import type { JournalledOrder } from '../journal/records';
import type { Account } from '../ledger/account';
import { reservedBy, worthOf } from '../ledger/valuation';
import { checkMultiLeg, type KnownLeg } from '../orders/options/check-multi-leg';
import type { LegRequest } from '../orders/options/read-legs';
import type { Order } from '../orders/order';
import type { OrderRequest } from '../orders/order-request';
import { unprocessable } from '../orders/refusals';
import { seededId } from './ids';
import type { Venue } from './venue';

/** Accepts an order of several options, also one in place of another, or throws the venue's refusal. */
export function submitMultiLeg(
  venue: Venue,
  account: Account,
  { request, replacing }: { request: OrderRequest; replacing: Order | null },
): Order {
  const now = venue.clock.now();
  const legs = request.legs.map((leg) => knownLeg(venue, leg, now));
  const open = venue.isTrading(request);
  const unit = checkMultiLeg(request, legs, {
    account,
    now,
    open,
    worth: worthOf(account, venue.priceAt, now),
    replacing,
    released: replacing === null ? 0n : reservedBy(replacing),
  });
  const { seed } = venue.settings;
  const number = venue.books.lastSeq + 1;
  const qty = request.qty ?? 0n;
  const order: JournalledOrder = {
    id: seededId(seed, 'order', number),
    account_id: account.id,
    client_order_id: request.clientOrderId ?? seededId(seed, 'client order', number),
    symbol: '',
    side: 'buy',
    type: request.type,
    time_in_force: 'day',
    qty: formatQty(qty),
    notional: null,
    limit_price: request.limitPrice === null ? null : formatMoney(request.limitPrice),
    stop_price: null,
    extended_hours: false,
    position_intent: 'buy_to_open',
    reserve_price: formatMoney(unit),
    expires_at: Math.min(venue.dayEnd(false), ...legs.map(({ contract }) => contract.expiresAt)),
    replaces: replacing?.id ?? null,
    queued: !open,
    trail_price: null,
    trail_percent: null,
    hwm: null,
    order_class: 'mleg',
    parent_id: null,
    held: false,
    auction_at: null,
    ratio_qty: null,
  };
  const parts: JournalledOrder[] = [];
  for (const leg of legs) {
    parts.push({
      ...order,
      id: seededId(seed, `leg ${parts.length}`, number),
      client_order_id: seededId(seed, `client leg ${parts.length}`, number),
      symbol: leg.symbol,
      side: leg.side,
      qty: formatQty(qty * leg.ratio),
      limit_price: null,
      position_intent: leg.intent,
      reserve_price: '0',
      parent_id: order.id,
      replaces: replacing?.legs[parts.length]?.id ?? null,
      ratio_qty: String(leg.ratio),
    });
  }
  venue.commit({ type: 'order_accepted', order, legs: parts });
  const made = venue.books.orders.get(order.id);
  if (made === undefined) throw new Error('the order just accepted is not there');
  return made;
}

function knownLeg(venue: Venue, leg: LegRequest, now: number): KnownLeg {
  const contract = optionMarketOf(venue.market).contracts.find(leg.symbol, newYorkDay(now));
  if (contract === undefined) throw unprocessable(`contract "${leg.symbol}" not found`);
  return { ...leg, contract, touch: venue.touch(contract.symbol) };
}
