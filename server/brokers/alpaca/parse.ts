import type { marketDataShapes, streaming, trading } from '@alpacahq/alpaca-trade-api';
import { z } from 'zod';
import type { Asset } from '@/domain/market/asset';
import type { Bar } from '@/domain/market/bar';
import { exact, plain } from '@/domain/money';
import type { OptionContract } from '@/domain/market/option-contract';
import { orderClass, positionIntent } from '@/domain/order/order';
import { orderStatus } from '@/domain/order/status';
import type { Position } from '@/domain/account/position';
import type { VenueFill, VenueOrder } from '@/server/brokers/ports';

/** The one place where Alpaca's shapes become the desk's. A field the desk needs and does not get throws. */
export class UnreadableAnswer extends Error {}

function needed<Value>(value: Value | null | undefined, field: string): Value {
  if (value === null || value === undefined) throw new UnreadableAnswer(`the venue's answer lacks ${field}`);
  return value;
}

const iso = (date: Date | null | undefined): string | null => (date ? date.toISOString() : null);
const decimal = (value: string | null | undefined): string | null => (value ? plain(exact(value)) : null);
/** Market data comes as JSON numbers; their shortest decimal form is what was on the wire. */
const price = (value: number | undefined): string | null =>
  value === undefined || value <= 0 ? null : plain(exact(value));

export function parseOrder(order: trading.Order): VenueOrder {
  const own = parseOne(order);
  // Legs of a multi-leg order have no type of their own.
  const shared = own.orderClass === 'mleg' ? { type: own.type, orderClass: own.orderClass } : {};
  const legs = (order.legs ?? []).map(
    (leg): VenueOrder => Object.assign(parseOne(leg), shared, { legs: [] }),
  );
  return { ...own, legs };
}

function parseOne(order: trading.Order | trading.OrderLeg): Omit<VenueOrder, 'legs'> {
  return {
    venueOrderId: needed(order.id, 'order.id'),
    clientOrderId: needed(order.clientOrderId, 'order.client_order_id'),
    symbol: order.symbol ?? '',
    side: order.side === 'sell' ? 'sell' : 'buy',
    positionIntent: positionIntent.nullable().catch(null).parse(order.positionIntent),
    type: order.type,
    timeInForce: order.timeInForce,
    qty: decimal(order.qty),
    notional: decimal(order.notional),
    limitPrice: decimal(order.limitPrice),
    stopPrice: decimal(order.stopPrice),
    trailPrice: decimal(order.trailPrice),
    trailPercent: decimal(order.trailPercent),
    extendedHours: order.extendedHours === true,
    orderClass: orderClass.catch('simple').parse(order.orderClass),
    filledQty: decimal(order.filledQty) ?? '0',
    filledAvgPrice: decimal(order.filledAvgPrice),
    // A status Alpaca adds later is doubt, not a crash.
    status: orderStatus.catch('unknown').parse(order.status),
    submittedAt: iso(order.submittedAt),
    closedAt:
      iso(order.filledAt) ??
      iso(order.canceledAt) ??
      iso(order.expiredAt) ??
      iso(order.failedAt) ??
      iso(order.replacedAt),
  };
}

/** What a multi-leg order's update says of each leg's execution (Alpaca docs: websocket streaming). */
const legExecutions = z.array(
  z.object({ order_id: z.string(), execution_id: z.string(), qty: z.string(), price: z.string() }),
);

/** The executions inside a trade update, each with the order it is of; none when the event is not one. */
export function parseExecutions(update: streaming.TradeUpdate): VenueFill[] {
  if (update.event !== 'fill' && update.event !== 'partial_fill') return [];
  const at = needed(iso(update.timestamp), 'timestamp');
  if (update.order.orderClass === 'mleg') {
    return legExecutions.parse(update['legs']).map((leg) => ({
      venueOrderId: leg.order_id,
      executionId: leg.execution_id,
      qty: plain(exact(leg.qty)),
      price: plain(exact(leg.price)),
      at,
    }));
  }
  return [
    {
      venueOrderId: needed(update.order.id, 'order.id'),
      executionId: needed(update.executionId, 'execution_id'),
      qty: needed(decimal(update.qty), 'qty'),
      price: needed(decimal(update.price), 'price'),
      at,
    },
  ];
}

export function parsePosition(position: trading.Position): Position {
  const marketValue = decimal(position.marketValue);
  return {
    symbol: position.symbol,
    side: position.side,
    qty: needed(decimal(position.qty), 'qty'),
    qtyAvailable: decimal(position.qtyAvailable) ?? '0',
    averagePrice: needed(decimal(position.avgEntryPrice), 'avg_entry_price'),
    currentPrice: decimal(position.currentPrice),
    previousClose: decimal(position.lastdayPrice),
    marketValue,
    costBasis: needed(decimal(position.costBasis), 'cost_basis'),
    unrealizedPl: decimal(position.unrealizedPl),
    unrealizedPlPercent: decimal(position.unrealizedPlpc),
    dayPl: decimal(position.unrealizedIntradayPl),
  };
}

export function parseAccount(account: trading.Account, asOf: string) {
  return {
    accountNumber: account.accountNumber ?? '',
    status: account.status,
    currency: account.currency ?? 'USD',
    cash: needed(decimal(account.cash), 'cash'),
    equity: needed(decimal(account.equity), 'equity'),
    lastEquity: needed(decimal(account.lastEquity), 'last_equity'),
    buyingPower: needed(decimal(account.buyingPower), 'buying_power'),
    longMarketValue: decimal(account.longMarketValue) ?? '0',
    shortMarketValue: decimal(account.shortMarketValue) ?? '0',
    multiplier: decimal(account.multiplier) ?? '1',
    tradingBlocked:
      account.tradingBlocked === true ||
      account.accountBlocked === true ||
      account.tradeSuspendedByUser === true,
    asOf,
  };
}

export function parseAsset(asset: trading.Assets): Asset {
  return {
    symbol: asset.symbol,
    name: asset.name,
    exchange: asset.exchange,
    tradable: asset.tradable,
    shortable: asset.shortable,
    fractionable: asset.fractionable,
  };
}

export function parseContract(contract: trading.OptionContract): OptionContract {
  return {
    symbol: contract.symbol,
    expiresOn: contract.expirationDate.toISOString().slice(0, 10),
    tradable: contract.tradable && contract.status === 'active',
  };
}

type WireBar = { t: Date; o: number; h: number; l: number; c: number; v: number; n?: number; vw?: number };

export function parseBar(bar: WireBar): Bar {
  return {
    time: bar.t.toISOString(),
    open: needed(price(bar.o), 'bar.o'),
    high: needed(price(bar.h), 'bar.h'),
    low: needed(price(bar.l), 'bar.l'),
    close: needed(price(bar.c), 'bar.c'),
    volume: bar.v,
    vwap: price(bar.vw),
    trades: bar.n ?? null,
  };
}

type Prices = Pick<marketDataShapes.Quote, 'bidPrice' | 'bidSize' | 'askPrice' | 'askSize' | 'timestamp'>;

/** A side without a price is null, and its size with it: Alpaca sends 0 for "none". */
export function parseQuote(quote: Prices) {
  const bid = price(quote.bidPrice);
  const ask = price(quote.askPrice);
  return {
    bid,
    bidSize: bid === null ? null : quote.bidSize,
    ask,
    askSize: ask === null ? null : quote.askSize,
    quotedAt: iso(quote.timestamp),
  };
}

export function parseTrade(trade: Pick<marketDataShapes.Trade, 'price' | 'size' | 'timestamp'>) {
  return { last: price(trade.price), lastSize: trade.size, tradedAt: iso(trade.timestamp) };
}

export const parsePrice = price;
