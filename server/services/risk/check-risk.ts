import { and, count, desc, eq, gt, gte, inArray, isNull, ne } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { tradingDayStart } from '@/domain/market/trading-day';
import { newestTime, type Quote } from '@/domain/market/quote';
import { type Exact, exact, plain } from '@/domain/money';
import type { OrderTerms } from '@/domain/order/order-rules';
import { IN_FLIGHT, ORDER_STATUSES, phaseOf } from '@/domain/order/status';
import { type Denial, factsNeeded, riskDenials, type RiskFacts, type RiskOrder } from '@/domain/risk/rules';
import type { Feed } from '@/server/market-data/feeds';
import { patiently } from '@/server/platform/patience';
import type { AccountRecord } from '../accounts/account-record';
import type { ServiceContext } from '../context';
import { type AccountRisk, riskOf } from './risk-profile';

/** How long an order waits for its quote: one at market cannot be judged without, another should not be held up. */
const QUOTE_WAIT_MS = { market: 3_000, other: 300 };
const UNCLOSED = ORDER_STATUSES.filter((status) => phaseOf(status) !== 'closed');

type Terms = OrderTerms & { symbol: string; idempotencyKey?: string | undefined };

/** Every rule the order would break now, nothing sent: what submitting asks first, and the dry run. */
export async function checkRisk(
  ctx: ServiceContext,
  account: AccountRecord,
  terms: Terms,
): Promise<Denial[]> {
  const risk = await riskOf(ctx, account);
  const order: RiskOrder = { ...terms, hasKey: terms.idempotencyKey !== undefined };
  const layers = [risk.profile, risk.imposed];
  const facts = {
    ...(await marketFacts(ctx, account, order, risk)),
    ...(await accountFacts(ctx, account, order, risk)),
  };
  const denials = layers.flatMap((profile) => riskDenials(order, facts, profile));
  // A rule that both layers break is told once, by the owner's own limit.
  return denials.filter(({ rule }, at) => denials.findIndex((other) => other.rule === rule) === at);
}

async function marketFacts(ctx: ServiceContext, account: AccountRecord, order: RiskOrder, risk: AccountRisk) {
  const feed = ctx.feedOf(account);
  const quote = feed.hub.peek(order.symbol) ?? (await newestQuote(feed, order));
  const time = quote === null ? null : newestTime(quote);
  const layers = [risk.profile, risk.imposed];
  const isGuarded =
    layers.some(({ regularHoursOnly }) => regularHoursOnly) ||
    (order.type === 'market' && layers.some(({ staleQuoteSeconds }) => staleQuoteSeconds !== null));
  return {
    blocked: risk.blocked,
    drifts: risk.drifts,
    bid: quote?.bid ?? null,
    ask: quote?.ask ?? null,
    last: quote?.last ?? null,
    quoteAgeMs: time === null ? null : Math.max(0, ctx.clock.now() - time),
    isMarketOpen: isGuarded ? await feed.isOpen() : true,
    sinceSameMs: await sinceSame(ctx, account, order, risk),
  } satisfies RiskFacts;
}

async function newestQuote(feed: Feed, { symbol, type }: RiskOrder): Promise<Quote | null> {
  const wait = type === 'market' ? QUOTE_WAIT_MS.market : QUOTE_WAIT_MS.other;
  const found = await patiently(feed.hub.latest([symbol]), wait, null);
  return found?.get(symbol) ?? null;
}

/** How long ago the very same order was sent without a key. */
async function sinceSame(
  ctx: ServiceContext,
  account: AccountRecord,
  order: RiskOrder,
  risk: AccountRisk,
): Promise<number | null> {
  const window = Math.max(risk.profile.duplicateSeconds ?? 0, risk.imposed.duplicateSeconds ?? 0);
  if (window === 0 || order.hasKey) return null;
  const now = ctx.clock.now();
  const rows = await ctx.database.db
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.accountId, account.id),
        eq(orders.symbol, order.symbol),
        eq(orders.side, order.side),
        eq(orders.type, order.type),
        isNull(orders.idempotencyKey),
        isNull(orders.replacesId),
        ne(orders.status, 'denied'),
        gt(orders.createdAt, ctx.clock.iso(now - window * 1000)),
      ),
    )
    .orderBy(desc(orders.createdAt));
  const names = ['qty', 'notional', 'limitPrice', 'stopPrice', 'trailPrice', 'trailPercent'] as const;
  const same = rows.find((row) => names.every((name) => row[name] === (order[name] ?? null)));
  return same === undefined ? null : now - Date.parse(same.createdAt);
}

async function accountFacts(
  ctx: ServiceContext,
  account: AccountRecord,
  order: RiskOrder,
  risk: AccountRisk,
) {
  const needed = factsNeeded([risk.profile, risk.imposed]);
  const { execution } = ctx.sessions.of(account);
  const wantsPositions = needed.positions || risk.blocked !== null || risk.drifts > 0;
  const [openOrders, ordersToday, balances, positions, doubted] = await Promise.all([
    needed.openOrders ? countOrders(ctx, account, 'open') : undefined,
    needed.ordersToday ? countOrders(ctx, account, 'today') : undefined,
    needed.account ? execution.account() : undefined,
    wantsPositions ? execution.positions() : undefined,
    needed.buyingPower ? doubtedCost(ctx, account) : exact(0),
  ]);
  const held = positions?.find(({ symbol }) => symbol === order.symbol)?.qty ?? '0';
  const exposure = positions?.reduce(
    (sum, { marketValue }) => sum.plus(exact(marketValue ?? '0').abs()),
    exact(0),
  );
  return {
    ...(openOrders === undefined ? {} : { openOrders }),
    ...(ordersToday === undefined ? {} : { ordersToday }),
    ...(balances === undefined
      ? {}
      : {
          dayPl: plain(exact(balances.equity).minus(balances.lastEquity)),
          buyingPower: plain(exact(balances.buyingPower).minus(doubted)),
        }),
    ...(positions === undefined ? {} : { heldQty: held }),
    ...(exposure === undefined ? {} : { grossExposure: plain(exposure) }),
  } satisfies Partial<RiskFacts>;
}

async function countOrders(
  ctx: ServiceContext,
  account: AccountRecord,
  which: 'open' | 'today',
): Promise<number> {
  const midnight = ctx.clock.iso(tradingDayStart(ctx.clock.now()));
  const condition = which === 'open' ? inArray(orders.status, UNCLOSED) : gte(orders.createdAt, midnight);
  const [row] = await ctx.database.db
    .select({ orders: count() })
    .from(orders)
    .where(and(eq(orders.accountId, account.id), ne(orders.status, 'denied'), condition));
  return row?.orders ?? 0;
}

/** What orders in doubt may have taken of the buying power, as far as their own terms tell: it stays reserved. */
async function doubtedCost(ctx: ServiceContext, account: AccountRecord): Promise<Exact> {
  const rows = await ctx.database.db
    .select()
    .from(orders)
    .where(
      and(eq(orders.accountId, account.id), isNull(orders.venueOrderId), inArray(orders.status, IN_FLIGHT)),
    );
  return rows.reduce((sum, { notional, qty, limitPrice, stopPrice }) => {
    const price = limitPrice ?? stopPrice;
    if (notional !== null) return sum.plus(notional);
    return qty === null || price === null ? sum : sum.plus(exact(qty).times(price));
  }, exact(0));
}
