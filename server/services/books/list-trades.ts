import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { activities, fills, orders } from '@/db/schema';
import { positionEffect } from '@/domain/ledger/post-activity';
import { tradeMicros } from '@/domain/ledger/post-fill';
import { lotMethod, type PositionEvent, roundTrips, type Trade } from '@/domain/ledger/round-trips';
import { contractSize, heldSymbol } from '@/domain/market/symbols';
import { exact, plain } from '@/domain/money';
import { instant } from '@/domain/time';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';

export const listTradesInput = z.strictObject({
  accountId: z.string().max(64).optional(),
  symbol: z.string().trim().toUpperCase().max(32).optional(),
  method: lotMethod.default('fifo'),
  since: instant.optional().describe('closed at or after'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

type Trades = { trades: Trade[]; total: number; realizedPl: string };

/**
 * Round trips of an account, the newest first: what closed, paired with what had opened it. `total` and
 * `realizedPl` are of all that match, not of the page.
 */
export async function listTrades(ctx: UserContext, input: z.infer<typeof listTradesInput>): Promise<Trades> {
  const account = await authorizeAccount(ctx, input.accountId);
  const events = await positionEvents(ctx, account.id, input.symbol);
  const { since } = input;
  const all = roundTrips(events, input.method)
    .filter(({ closedAt }) => since === undefined || Date.parse(closedAt) >= Date.parse(since))
    .toReversed();
  const realized = all.reduce((sum, { realizedPl }) => sum.plus(realizedPl), exact(0));
  return {
    trades: all.slice(input.offset, input.offset + input.limit),
    total: all.length,
    realizedPl: plain(realized),
  };
}

/** What happened to an account's positions, oldest first; of one symbol when it is given. */
async function positionEvents(
  ctx: UserContext,
  accountId: string,
  symbol?: string,
): Promise<PositionEvent[]> {
  const { db } = ctx.database;
  const executed = await db
    .select({ fill: fills, symbol: orders.symbol, side: orders.side })
    .from(fills)
    .innerJoin(orders, eq(orders.id, fills.orderId))
    .where(and(eq(fills.accountId, accountId), symbol === undefined ? undefined : eq(orders.symbol, symbol)))
    .orderBy(asc(fills.at), asc(fills.executionId));
  const others = await db
    .select()
    .from(activities)
    .where(
      and(
        eq(activities.accountId, accountId),
        isNotNull(activities.qty),
        symbol === undefined ? undefined : eq(activities.symbol, heldSymbol(symbol)),
      ),
    )
    .orderBy(asc(activities.at), asc(activities.id));
  const executions = executed.map(({ fill, side, ...order }): PositionEvent => {
    const held = heldSymbol(order.symbol);
    const micros = tradeMicros(fill.qty, fill.price, contractSize(held));
    const execution = { side, qty: fill.qty, micros };
    return { id: fill.executionId, symbol: held, at: fill.at, kind: 'execution', execution };
  });
  const moves = others.flatMap((activity): PositionEvent[] => {
    const effect = positionEffect(activity);
    return effect === null || activity.symbol === null
      ? []
      : [{ id: activity.id, symbol: activity.symbol, at: activity.at, groupId: activity.groupId, ...effect }];
  });
  return [...executions, ...moves].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
