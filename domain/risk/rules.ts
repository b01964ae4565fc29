import { z } from 'zod';
import { exact, plain, type Exact } from '../money';
import type { OrderTerms } from '../order/order-rules';
import { classOf } from '../market/symbols';
import type { RiskProfile } from './profile';

export const RISK_RULES = [
  'blocked',
  'books_differ',
  'allowed_symbols',
  'allowed_classes',
  'session',
  'buying_power',
  'max_order_qty',
  'max_order_notional',
  'price_collar',
  'stale_quote',
  'duplicate',
  'max_open_orders',
  'max_orders_a_day',
  'max_daily_loss',
  'max_position',
  'max_gross_exposure',
] as const;
export type RiskRule = (typeof RISK_RULES)[number];

/** A no with its numbers: which rule, what it allows, what the order would make it. */
export const denialSchema = z
  .object({ rule: z.enum(RISK_RULES), limit: z.string(), actual: z.string(), message: z.string() })
  .meta({ id: 'RiskDenial' });
export type Denial = z.infer<typeof denialSchema>;

/** What a kill switch stops: the whole desk, a user, or an account. */
export const KILL_SCOPES = ['desk', 'user', 'account'] as const;
export type KillScope = (typeof KILL_SCOPES)[number];

/**
 * What the rules look at. What a profile does not need is not fetched and stays undefined; a rule whose
 * facts could not be had denies: a limit that cannot be checked is not kept.
 */
export type RiskFacts = {
  /** Whose kill switch is on, the widest first; null when none is. */
  blocked: KillScope | null;
  /** In how many places the desk's books differ from the broker's. */
  drifts: number;
  bid: string | null;
  ask: string | null;
  last: string | null;
  quoteAgeMs: number | null;
  isMarketOpen: boolean;
  /** Milliseconds since the same order was last sent without a key; null when it was not. */
  sinceSameMs: number | null;
  openOrders?: number;
  ordersToday?: number;
  dayPl?: string;
  /** What the venue says less what orders in doubt may have taken. */
  buyingPower?: string;
  /** Signed shares held in the order's symbol. */
  heldQty?: string;
  grossExposure?: string;
};

export type RiskOrder = OrderTerms & { symbol: string; hasKey: boolean };

type Rule = (order: RiskOrder, facts: RiskFacts, profile: RiskProfile) => Denial | null;

const deny = (rule: RiskRule, limit: string, actual: string, message: string): Denial => ({
  rule,
  limit,
  actual,
  message,
});
const money = (value: Exact) => `$${value.toDecimalPlaces(2).toFixed(2)}`;

/** The price an order is reckoned at: its own, or the side of the market it would meet. */
function priceOf(order: RiskOrder, { bid, ask, last }: RiskFacts): Exact | null {
  const own = order.limitPrice ?? order.stopPrice;
  const met = (order.side === 'buy' ? ask : bid) ?? last;
  const price = own ?? met;
  return price === null ? null : exact(price);
}

function qtyOf(order: RiskOrder, facts: RiskFacts): Exact | null {
  if (order.qty !== undefined) return exact(order.qty);
  const price = priceOf(order, facts);
  return price === null || order.notional === undefined ? null : exact(order.notional).div(price);
}

function notionalOf(order: RiskOrder, facts: RiskFacts): Exact | null {
  if (order.notional !== undefined) return exact(order.notional);
  const price = priceOf(order, facts);
  return price === null || order.qty === undefined ? null : exact(order.qty).times(price);
}

/** Shares held after the order fills, signed; null when it cannot be told. */
function heldAfter(order: RiskOrder, facts: RiskFacts): Exact | null {
  const qty = qtyOf(order, facts);
  if (qty === null || facts.heldQty === undefined) return null;
  return order.side === 'buy' ? exact(facts.heldQty).plus(qty) : exact(facts.heldQty).minus(qty);
}

/** An order that only makes a position smaller is never what these limits are against. */
function onlyReduces(order: RiskOrder, facts: RiskFacts): boolean {
  const after = heldAfter(order, facts);
  const before = exact(facts.heldQty ?? '0');
  return (
    after !== null &&
    !before.isZero() &&
    after.abs().lt(before.abs()) &&
    (after.isZero() || after.s === before.s)
  );
}

const unknown = (rule: RiskRule, limit: string) =>
  deny(
    rule,
    limit,
    'unknown',
    'This limit could not be checked now: its facts are missing. Try again in a moment.',
  );

const BLOCKED: Record<KillScope, string> = {
  account: 'The kill switch of this account is on. Release it to trade again.',
  user: 'A risk officer of this desk has stopped your trading; only orders that close a position pass.',
  desk: 'Trading is stopped on the whole desk; only orders that close a position pass.',
};

const RULES: readonly Rule[] = [
  // Closing is the way out, so it stays open.
  (order, facts) =>
    facts.blocked !== null && !onlyReduces(order, facts)
      ? deny('blocked', 'released', facts.blocked, BLOCKED[facts.blocked])
      : null,

  (order, facts, { onDrift }) =>
    onDrift === 'block' && facts.drifts > 0 && !onlyReduces(order, facts)
      ? deny(
          'books_differ',
          '0',
          String(facts.drifts),
          "The desk's books of this account differ from the broker's, so only closing orders pass. See Reconciliation.",
        )
      : null,

  ({ symbol }, _facts, { allowedSymbols }) =>
    allowedSymbols === null || allowedSymbols.includes(symbol)
      ? null
      : deny(
          'allowed_symbols',
          allowedSymbols.join(', '),
          symbol,
          `${symbol} is not among the symbols this account may trade.`,
        ),

  ({ symbol }, _facts, { allowedClasses }) =>
    allowedClasses === null || allowedClasses.includes(classOf(symbol))
      ? null
      : deny(
          'allowed_classes',
          allowedClasses.join(', '),
          classOf(symbol),
          `${symbol} is of a kind this account may not trade.`,
        ),

  (_order, { isMarketOpen }, { regularHoursOnly }) =>
    regularHoursOnly && !isMarketOpen
      ? deny(
          'session',
          'open',
          'closed',
          'The market is closed, and this account trades in regular hours only.',
        )
      : null,

  (order, facts, { checkBuyingPower }) => {
    if (!checkBuyingPower || onlyReduces(order, facts)) return null;
    const cost = notionalOf(order, facts);
    if (facts.buyingPower === undefined || cost === null) return unknown('buying_power', 'unknown');
    return cost.gt(facts.buyingPower)
      ? deny(
          'buying_power',
          facts.buyingPower,
          plain(cost),
          `The order costs about ${money(cost)}; the buying power is ${money(exact(facts.buyingPower))}.`,
        )
      : null;
  },

  (order, facts, { maxOrderQty }) => {
    if (maxOrderQty === null) return null;
    const qty = qtyOf(order, facts);
    if (qty === null) return unknown('max_order_qty', maxOrderQty);
    return qty.gt(maxOrderQty)
      ? deny(
          'max_order_qty',
          maxOrderQty,
          plain(qty),
          `The order is for ${plain(qty)} shares; your limit is ${maxOrderQty}.`,
        )
      : null;
  },

  (order, facts, { maxOrderNotional }) => {
    if (maxOrderNotional === null) return null;
    const notional = notionalOf(order, facts);
    if (notional === null) return unknown('max_order_notional', maxOrderNotional);
    return notional.gt(maxOrderNotional)
      ? deny(
          'max_order_notional',
          maxOrderNotional,
          plain(notional),
          `The order is worth ${money(notional)}; your limit is ${money(exact(maxOrderNotional))}.`,
        )
      : null;
  },

  (order, { bid, ask }, { priceCollarPercent }) => {
    const market = order.side === 'buy' ? ask : bid;
    if (priceCollarPercent === null || order.limitPrice === undefined || market === null) return null;
    const share = exact(priceCollarPercent).div(100);
    const bound =
      order.side === 'buy' ? exact(market).times(share.plus(1)) : exact(market).times(exact(1).minus(share));
    const isThrough =
      order.side === 'buy' ? exact(order.limitPrice).gt(bound) : exact(order.limitPrice).lt(bound);
    return isThrough
      ? deny(
          'price_collar',
          `${priceCollarPercent} %`,
          order.limitPrice,
          `The limit ${money(exact(order.limitPrice))} is more than ${priceCollarPercent} % through the market at ${money(exact(market))}. Check the price.`,
        )
      : null;
  },

  (order, { quoteAgeMs, isMarketOpen }, { staleQuoteSeconds }) => {
    if (staleQuoteSeconds === null || !isMarketOpen || order.type !== 'market') return null;
    const seconds = quoteAgeMs === null ? null : Math.round(quoteAgeMs / 1000);
    return seconds !== null && seconds <= staleQuoteSeconds
      ? null
      : deny(
          'stale_quote',
          `${staleQuoteSeconds} s`,
          seconds === null ? 'no quote' : `${seconds} s`,
          'An order at market needs a fresh quote, and there is none. Use a limit price, or wait for prices to return.',
        );
  },

  ({ hasKey }, { sinceSameMs }, { duplicateSeconds }) =>
    duplicateSeconds === null || hasKey || sinceSameMs === null || sinceSameMs >= duplicateSeconds * 1000
      ? null
      : deny(
          'duplicate',
          `${duplicateSeconds} s`,
          `${sinceSameMs} ms`,
          `The same order was sent ${sinceSameMs} ms ago. If you mean both, give each an idempotency key.`,
        ),

  (_order, { openOrders }, { maxOpenOrders }) => {
    if (maxOpenOrders === null) return null;
    if (openOrders === undefined) return unknown('max_open_orders', String(maxOpenOrders));
    return openOrders >= maxOpenOrders
      ? deny(
          'max_open_orders',
          String(maxOpenOrders),
          String(openOrders + 1),
          `This would be open order number ${openOrders + 1}; your limit is ${maxOpenOrders}.`,
        )
      : null;
  },

  (_order, { ordersToday }, { maxOrdersADay }) => {
    if (maxOrdersADay === null) return null;
    if (ordersToday === undefined) return unknown('max_orders_a_day', String(maxOrdersADay));
    return ordersToday >= maxOrdersADay
      ? deny(
          'max_orders_a_day',
          String(maxOrdersADay),
          String(ordersToday + 1),
          `This would be order number ${ordersToday + 1} today; your limit is ${maxOrdersADay}.`,
        )
      : null;
  },

  (order, facts, { maxDailyLoss }) => {
    if (maxDailyLoss === null) return null;
    if (facts.dayPl === undefined) return unknown('max_daily_loss', maxDailyLoss);
    const loss = exact(facts.dayPl).neg();
    return loss.gte(maxDailyLoss) && !onlyReduces(order, facts)
      ? deny(
          'max_daily_loss',
          maxDailyLoss,
          plain(loss),
          `Today's loss is ${money(loss)}; at ${money(exact(maxDailyLoss))} only orders that close pass.`,
        )
      : null;
  },

  (order, facts, { maxPositionNotional }) => {
    if (maxPositionNotional === null || onlyReduces(order, facts)) return null;
    const after = heldAfter(order, facts);
    const price = priceOf(order, facts);
    if (after === null || price === null) return unknown('max_position', maxPositionNotional);
    const value = after.abs().times(price);
    return value.gt(maxPositionNotional)
      ? deny(
          'max_position',
          maxPositionNotional,
          plain(value),
          `${order.symbol} would be worth ${money(value)}; your limit for one symbol is ${money(exact(maxPositionNotional))}.`,
        )
      : null;
  },

  (order, facts, { maxGrossExposure }) => {
    if (maxGrossExposure === null || onlyReduces(order, facts)) return null;
    const notional = notionalOf(order, facts);
    if (notional === null || facts.grossExposure === undefined)
      return unknown('max_gross_exposure', maxGrossExposure);
    const exposure = exact(facts.grossExposure).plus(notional);
    return exposure.gt(maxGrossExposure)
      ? deny(
          'max_gross_exposure',
          maxGrossExposure,
          plain(exposure),
          `Your positions would be worth ${money(exposure)}; your limit is ${money(exact(maxGrossExposure))}.`,
        )
      : null;
  },
];

/** Every rule an order breaks, in the order of the list; none means it may go. Pure: the same facts, the same answer. */
export function riskDenials(order: RiskOrder, facts: RiskFacts, profile: RiskProfile): Denial[] {
  return RULES.flatMap((rule) => rule(order, facts, profile) ?? []);
}

/** Which facts these profiles need beyond the quote; what is not needed is not asked for. */
export function factsNeeded(profiles: readonly RiskProfile[]) {
  const some = (needs: (profile: RiskProfile) => boolean) => profiles.some(needs);
  return {
    openOrders: some(({ maxOpenOrders }) => maxOpenOrders !== null),
    ordersToday: some(({ maxOrdersADay }) => maxOrdersADay !== null),
    account: some(({ maxDailyLoss, checkBuyingPower }) => maxDailyLoss !== null || checkBuyingPower),
    buyingPower: some(({ checkBuyingPower }) => checkBuyingPower),
    positions: some(
      ({ maxDailyLoss, maxPositionNotional, maxGrossExposure, checkBuyingPower }) =>
        checkBuyingPower ||
        maxDailyLoss !== null ||
        maxPositionNotional !== null ||
        maxGrossExposure !== null,
    ),
  };
}
