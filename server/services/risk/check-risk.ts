import { and, count, desc, eq, gt, gte, inArray, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { prepared } from '@/db/prepared';
import { orders } from '@/db/schema';
import { tradingDayStart } from '@/domain/market/trading-day';
import { type Exact, exact, plain } from '@/domain/money';
import type { OrderTerms } from '@/domain/order/order-rules';
import { IN_FLIGHT, UNCLOSED } from '@/domain/order/status';
import type { RiskFacts, RiskOrder } from '@/domain/risk/facts';
import { type Denial, factsNeeded, riskDenials } from '@/domain/risk/rules';
import { isOptionOrder, notionalOf } from '@/domain/risk/worth';
import type { AccountRecord } from '../accounts/account-record';
import type { ServiceContext } from '../context';
import { heldFacts, pricesFor } from './order-facts';
import { type AccountRisk, riskOf } from './risk-profile';
import { termsOf } from './terms-of';

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
  const { bid, ask, last, time } = await pricesFor(feed, order);
  const layers = [risk.profile, risk.imposed];
  const isGuarded =
    layers.some(({ regularHoursOnly }) => regularHoursOnly) ||
    (order.type === 'market' && layers.some(({ staleQuoteSeconds }) => staleQuoteSeconds !== null));
  return {
    blocked: risk.blocked,
    liveStop: risk.liveStop,
    drifts: risk.drifts,
    bid,
    ask,
    last,
    quoteAgeMs: time === null ? null : Math.max(0, ctx.clock.now() - time),
    isMarketOpen: isGuarded ? await feed.isOpen() : true,
    sinceSameMs: await sinceSame(ctx, account, order, risk),
  } satisfies RiskFacts;
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
  const legs = JSON.stringify(order.legs ?? null);
  const same = rows.find(
    (row) => names.every((name) => row[name] === (order[name] ?? null)) && JSON.stringify(row.legs) === legs,
  );
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
  const wantsPositions =
    needed.positions ||
    risk.blocked !== null ||
    risk.liveStop !== null ||
    risk.drifts > 0 ||
    (needed.optionsLevel && isOptionOrder(order));
  const [openOrders, ordersToday, balances, positions, doubted] = await Promise.all([
    needed.openOrders ? countOrders(ctx, account, 'open') : undefined,
    needed.ordersToday ? countOrders(ctx, account, 'today') : undefined,
    needed.account ? execution.account() : undefined,
    wantsPositions ? execution.positions() : undefined,
    needed.buyingPower ? doubtedCost(ctx, account) : exact(0),
  ]);
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
    ...(positions === undefined ? {} : heldFacts(order, positions)),
    ...(exposure === undefined ? {} : { grossExposure: plain(exposure) }),
  } satisfies Partial<RiskFacts>;
}

/** A multi-leg order is one order, however many legs it has. */
const isOneOfItsOwn = or(ne(orders.orderClass, 'mleg'), eq(orders.symbol, ''));

const counted = (condition: SQL) =>
  prepared((db) =>
    db
      .select({ orders: count() })
      .from(orders)
      .where(
        and(
          eq(orders.accountId, sql.placeholder('accountId')),
          ne(orders.status, 'denied'),
          isOneOfItsOwn,
          condition,
        ),
      )
      .prepare(),
  );
const COUNTS = {
  open: counted(inArray(orders.status, UNCLOSED)),
  today: counted(gte(orders.createdAt, sql.placeholder('midnight'))),
};

async function countOrders(
  ctx: ServiceContext,
  account: AccountRecord,
  which: 'open' | 'today',
): Promise<number> {
  const midnight = ctx.clock.iso(tradingDayStart(ctx.clock.now()));
  const row = await COUNTS[which](ctx.database.db).get({ accountId: account.id, midnight });
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
  const unquoted = { bid: null, ask: null, last: null };
  return rows.reduce(
    (sum, row) => sum.plus(notionalOf({ ...termsOf(row), hasKey: true }, unquoted) ?? 0),
    exact(0),
  );
}
