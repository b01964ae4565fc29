import { and, desc, eq, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { orders } from '@/db/schema';
import { type Order, orderSide } from '@/domain/order/order';
import { ORDER_STATUSES, phaseOf, UNCLOSED } from '@/domain/order/status';
import { tradedSymbol } from '@/domain/market/symbols';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { toOrder } from './order-record';

export const listOrdersInput = z.strictObject({
  accountId: z.string().min(1).max(64).optional().describe('of all your accounts when left out'),
  status: z
    .enum(['open', 'closed', 'all'])
    .default('open')
    .describe('open includes orders on their way to the venue'),
  symbol: tradedSymbol.optional().describe('also multi-leg orders with a leg in it'),
  side: orderSide.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(64).optional().describe('the nextCursor of the page before'),
});

const CLOSED = ORDER_STATUSES.filter((status) => phaseOf(status) === 'closed');

/** Orders in a symbol, and multi-leg orders that have it among their legs. */
export function tradesIn(symbol: string): SQL | undefined {
  const named = sql`select 1 from json_each(${orders.legs}) where json_extract(json_each.value, '$.symbol') = ${symbol}`;
  return or(eq(orders.symbol, symbol), sql`(${orders.legs} is not null and exists (${named}))`);
}

/** The actor's orders, the newest first, a page at a time. */
export async function listOrders(
  ctx: UserContext,
  input: z.infer<typeof listOrdersInput>,
): Promise<{ orders: Order[]; nextCursor: string | null }> {
  const filters: (SQL | undefined)[] = [eq(orders.userId, ctx.actor.userId)];
  if (input.accountId !== undefined)
    filters.push(eq(orders.accountId, (await authorizeAccount(ctx, input.accountId)).id));
  if (input.status !== 'all')
    filters.push(inArray(orders.status, input.status === 'open' ? UNCLOSED : CLOSED));
  if (input.symbol !== undefined) filters.push(tradesIn(input.symbol));
  if (input.side !== undefined) filters.push(eq(orders.side, input.side));
  if (input.cursor !== undefined) filters.push(lt(orders.id, input.cursor));
  const rows = await ctx.database.db
    .select()
    .from(orders)
    .where(and(...filters))
    .orderBy(desc(orders.id))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  return {
    orders: page.map(toOrder),
    nextCursor: rows.length > input.limit ? (page.at(-1)?.id ?? null) : null,
  };
}
