import { and, count, desc, eq, gt, gte, inArray, isNull, ne } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { tradingDayStart } from '@/domain/market/trading-day';
import { newestTime, type Quote } from '@/domain/market/quote';
import { exact, plain } from '@/domain/money';
import type { OrderTerms } from '@/domain/order/order-rules';
import { ORDER_STATUSES, phaseOf } from '@/domain/order/status';
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
  const facts = {
    ...(await marketFacts(ctx, account, order, risk)),
    ...(await accountFacts(ctx, account, order, risk)),
  };
  return riskDenials(order, facts, risk.profile);
}

async function marketFacts(ctx: ServiceContext, account: AccountRecord, order: RiskOrder, risk: AccountRisk) {
  const feed = ctx.feedOf(account);
  const quote = feed.hub.peek(order.symbol) ?? (await newestQuote(feed, order));
  const time = quote === null ? null : newestTime(quote);
  const isGuarded = order.type === 'market' && risk.profile.staleQuoteSeconds !== null;
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
  const window = risk.profile.duplicateSeconds;
  if (window === null || order.hasKey) return null;
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
  const needed = factsNeeded(risk.profile);
  const { execution } = ctx.sessions.of(account);
  const wantsPositions = needed.positions || risk.blocked || risk.drifts > 0;
  const [openOrders, ordersToday, balances, positions] = await Promise.all([
    needed.openOrders ? countOrders(ctx, account, 'open') : undefined,
    needed.ordersToday ? countOrders(ctx, account, 'today') : undefined,
    needed.account ? execution.account() : undefined,
    wantsPositions ? execution.positions() : undefined,
  ]);
  const held = positions?.find(({ symbol }) => symbol === order.symbol)?.qty ?? '0';
  const exposure = positions?.reduce(
    (sum, { marketValue }) => sum.plus(exact(marketValue ?? '0').abs()),
    exact(0),
  );
  return {
    ...(openOrders === undefined ? {} : { openOrders }),
    ...(ordersToday === undefined ? {} : { ordersToday }),
    ...(balances === undefined ? {} : { dayPl: plain(exact(balances.equity).minus(balances.lastEquity)) }),
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
