import { type Asset, findAsset } from '../assets/asset';
import { newYorkDay } from '../clock/new-york';
import { formatMoney, formatQty } from '../decimal/decimal';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { parseOcc } from '../derivatives/contracts/occ-symbol';
import { optionMarketOf } from '../derivatives/option-market';
import type { JournalledOrder } from '../journal/records';
import type { Account } from '../ledger/account';
import { reservedBy, worthOf } from '../ledger/valuation';
import { checkCryptoOrder } from '../orders/check-crypto';
import { checkContract, checkOptionOrder } from '../orders/options/check-option';
import { type Accepted, checkOrder, checkStopSide, type Judgement } from '../orders/check-order';
import type { Touch } from '../matching/paper-rule';
import { type Order, trailedStop } from '../orders/order';
import type { OrderRequest } from '../orders/order-request';
import { cappedStop } from '../orders/capped-stop';
import { REFUSALS, unprocessable } from '../orders/refusals';
import { auctionOf } from '../orders/session-rules';
import { legsOf } from './legs';
import { orderExpiry } from './order-expiry';
import { seededId } from './ids';
import { submitMultiLeg } from './submit-multi-leg';
import type { Venue } from './venue';

/** Accepts an order or throws the venue's refusal. The order trades on a later pulse, never at once. */
export function submitOrder(
  venue: Venue,
  account: Account,
  request: OrderRequest,
  replacing: Order | null = null,
): Order {
  if (request.clientOrderId !== null && account.byClientOrderId.has(request.clientOrderId)) {
    throw REFUSALS.clientOrderIdTaken();
  }
  if (request.orderClass === 'mleg') return submitMultiLeg(venue, account, { request, replacing });
  const asset = findAsset(request.symbol);
  const contract = contractOf(venue, request.symbol, asset);
  if (asset === undefined) throw unprocessable(`asset "${request.symbol}" not found`);
  const { symbol } = asset;
  const touch = venue.touch(symbol);
  // At IB a stop is at the market once it is reached.
  const capped = replacing === null && request.tws === undefined ? cappedStop(request) : request;
  const asked = { ...capped, symbol };
  // A leg that waits was judged with its group: its shares are not there to be held yet.
  const accepted =
    replacing?.status === 'held'
      ? judgeHeld(asked, replacing, touch)
      : judge(asked, contract, {
          account,
          asset,
          touch,
          now: venue.clock.now(),
          open: venue.isTrading(asked),
          worth: worthOf(account, venue.priceAt, venue.clock.now()),
          replacing,
          released: replacing === null ? 0n : reservedBy(replacing),
        });
  const order = recordOf(venue, account, { request: asked, accepted, replacing });
  venue.commit({
    type: 'order_accepted',
    order,
    legs: replacing === null ? legsOf(venue, order, asked) : [],
  });
  const made = venue.books.orders.get(order.id);
  if (made === undefined) throw new Error('the order just accepted is not there');
  return made;
}

/** The contract that an order is about, null when it is about something else. */
function contractOf(venue: Venue, wanted: string, asset: Asset | undefined): OptionContract | null {
  if (asset?.kind !== 'us_option' && parseOcc(wanted) === null) return null;
  const now = venue.clock.now();
  const contract = optionMarketOf(venue.market).contracts.find(wanted, newYorkDay(now));
  if (contract === undefined) throw unprocessable(`contract "${wanted}" not found`);
  checkContract(contract, now, false);
  return contract;
}

function judge(request: OrderRequest, contract: OptionContract | null, by: Judgement): Accepted {
  if (contract !== null) return checkOptionOrder(request, by, contract);
  return by.asset.kind === 'crypto' ? checkCryptoOrder(request, by) : checkOrder(request, by);
}

/** A waiting stop may not be moved to where it would trade at once. */
function judgeHeld(request: OrderRequest, leg: Order, touch: Touch): Accepted {
  const { parent } = leg;
  if (parent?.orderClass === 'oco' || parent?.status === 'filled') checkStopSide(request, touch);
  return { intent: leg.positionIntent, reservePrice: 0n };
}

function recordOf(
  venue: Venue,
  account: Account,
  of: { request: OrderRequest; accepted: Accepted; replacing: Order | null },
): JournalledOrder {
  const { request, accepted, replacing } = of;
  const { seed } = venue.settings;
  const number = venue.books.lastSeq + 1;
  const money = (value: bigint | null): string | null => (value === null ? null : formatMoney(value));
  const auctionAt = auctionOf(request.timeInForce, venue.clock.now());
  const hwm = request.type === 'trailing_stop' ? (replacing?.hwm ?? venue.touch(request.symbol).last) : null;
  return {
    id: seededId(seed, 'order', number),
    account_id: account.id,
    client_order_id: request.clientOrderId ?? seededId(seed, 'client order', number),
    symbol: request.symbol,
    side: request.side,
    type: request.type,
    time_in_force: request.timeInForce,
    qty: request.qty === null ? null : formatQty(request.qty),
    notional: money(request.notional),
    limit_price: money(request.limitPrice),
    stop_price: money(hwm === null ? request.stopPrice : trailedStop(request, hwm)),
    extended_hours: request.extendedHours,
    position_intent: accepted.intent,
    reserve_price: formatMoney(accepted.reservePrice),
    expires_at: orderExpiry(venue, request, auctionAt),
    replaces: replacing?.id ?? null,
    queued: !venue.isTrading(request),
    trail_price: money(request.trailPrice),
    trail_percent: money(request.trailPercent),
    hwm: money(hwm),
    order_class: replacing?.orderClass ?? request.orderClass,
    parent_id: replacing?.parent?.id ?? null,
    held: replacing?.status === 'held',
    auction_at: auctionAt,
    ratio_qty: null,
    ...(request.tws === undefined ? {} : { tws: request.tws }),
  };
}
