import { z } from 'zod';
import { underlyingOf } from '../market/option-contract';
import { classOf } from '../market/symbols';
import { exact, plain, type Exact } from '../money';
import type { KillScope, LiveStop, RiskFacts, RiskOrder } from './facts';
import { levelFor } from './options-level';
import type { RiskProfile } from './profile';
import { isOptionOrder, notionalOf, onlyReduces, positionAfter, qtyOf } from './worth';

export const RISK_RULES = [
  'blocked',
  'live_switch',
  'books_differ',
  'allowed_symbols',
  'allowed_classes',
  'max_options_level',
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

type Rule = (order: RiskOrder, facts: RiskFacts, profile: RiskProfile) => Denial | null;

const deny = (rule: RiskRule, limit: string, actual: string, message: string): Denial => ({
  rule,
  limit,
  actual,
  message,
});
const money = (value: Exact) =>
  `${value.isNegative() ? '-' : ''}$${value.abs().toDecimalPlaces(2).toFixed(2)}`;

/** The coarsest step in which options are quoted: a fraction of a cheap one's price is less than that. */
const OPTION_STEP = '0.05';

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

const LIVE_STOPPED: Record<LiveStop, string> = {
  off: 'Live trading is off on this desk; only orders that close a position pass. The operator turns it on.',
  disarmed: 'This live account is not armed; only orders that close a position pass. Arm it under Accounts.',
};

const RULES: readonly Rule[] = [
  // Closing is the way out, so it stays open.
  (order, facts) =>
    facts.blocked !== null && !onlyReduces(order, facts)
      ? deny('blocked', 'released', facts.blocked, BLOCKED[facts.blocked])
      : null,

  (order, facts) =>
    facts.liveStop !== null && !onlyReduces(order, facts)
      ? deny('live_switch', 'armed', facts.liveStop, LIVE_STOPPED[facts.liveStop])
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

  // Options go by their underlying.
  ({ symbol, legs }, _facts, { allowedSymbols }) => {
    if (allowedSymbols === null) return null;
    const names = (legs?.map((leg) => leg.symbol) ?? [symbol]).map(underlyingOf);
    const other = names.find((name) => !allowedSymbols.includes(name));
    return other === undefined
      ? null
      : deny(
          'allowed_symbols',
          allowedSymbols.join(', '),
          other,
          `${other} is not among the symbols this account may trade.`,
        );
  },

  (order, _facts, { allowedClasses }) => {
    const kind = isOptionOrder(order) ? 'us_option' : classOf(order.symbol);
    return allowedClasses === null || allowedClasses.includes(kind)
      ? null
      : deny(
          'allowed_classes',
          allowedClasses.join(', '),
          kind,
          `${order.symbol || 'An order of several options'} is of a kind this account may not trade.`,
        );
  },

  (order, facts, { maxOptionsLevel }) => {
    if (maxOptionsLevel === null || !isOptionOrder(order) || onlyReduces(order, facts)) return null;
    const level = levelFor(order, facts);
    if (level === null) return unknown('max_options_level', String(maxOptionsLevel));
    return level > maxOptionsLevel
      ? deny(
          'max_options_level',
          String(maxOptionsLevel),
          String(level),
          `This order needs options level ${level}; the limit of this account is ${maxOptionsLevel}.`,
        )
      : null;
  },

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
          `The order is for ${plain(qty)} ${isOptionOrder(order) ? 'contracts' : 'shares'}; your limit is ${maxOrderQty}.`,
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

  (order, facts, { priceCollarPercent }) => {
    const { bid, ask } = facts;
    const market = order.side === 'buy' ? ask : bid;
    if (priceCollarPercent === null || order.limitPrice === undefined) return null;
    if (isOptionOrder(order) && bid === null && ask === null && !onlyReduces(order, facts))
      return unknown('price_collar', `${priceCollarPercent} %`);
    if (market === null) return null;
    const share = exact(market).abs().times(priceCollarPercent).div(100);
    const room = isOptionOrder(order) && share.lt(OPTION_STEP) ? exact(OPTION_STEP) : share;
    const bound = order.side === 'buy' ? exact(market).plus(room) : exact(market).minus(room);
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
    const value = positionAfter(order, facts);
    if (value === null) return unknown('max_position', maxPositionNotional);
    return value.gt(maxPositionNotional)
      ? deny(
          'max_position',
          maxPositionNotional,
          plain(value),
          `${order.symbol || 'This order'} would be worth ${money(value)}; your limit for one symbol is ${money(exact(maxPositionNotional))}.`,
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
    optionsLevel: some(({ maxOptionsLevel }) => maxOptionsLevel !== null),
    positions: some(
      ({ maxDailyLoss, maxPositionNotional, maxGrossExposure, checkBuyingPower }) =>
        checkBuyingPower ||
        maxDailyLoss !== null ||
        maxPositionNotional !== null ||
        maxGrossExposure !== null,
    ),
  };
}
