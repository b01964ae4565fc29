import { z } from 'zod';
import { exact, plain } from '@/domain/money';
import type { AccountActivity } from '@/domain/ledger/post-activity';
import type { VenueFill } from '@/server/brokers/ports';

const page = z.array(z.unknown());
const identified = z.object({ id: z.string() });

/** A page of activities, and the id that the next page starts behind. */
export function parsePage(json: unknown): { items: unknown[]; lastId: string | null } {
  const items = page.parse(json);
  const last = items.at(-1);
  return { items, lastId: last === undefined ? null : identified.parse(last).id };
}

const fillActivity = z.object({
  id: z.string(),
  order_id: z.string(),
  price: z.string(),
  qty: z.string(),
  transaction_time: z.string(),
});

/** Executions among the activities. The execution's id stands behind the time in the activity's. */
export function parseFills(items: unknown[]): VenueFill[] {
  return z
    .array(fillActivity)
    .parse(items)
    .map((activity) => ({
      executionId: activity.id.split('::').at(-1) ?? activity.id,
      venueOrderId: activity.order_id,
      price: plain(exact(activity.price)),
      qty: plain(exact(activity.qty)),
      at: new Date(activity.transaction_time).toISOString(),
    }));
}

const optional = z.string().nullish();
const otherActivity = z.object({
  id: z.string(),
  activity_type: z.string(),
  date: z.string(),
  created_at: optional,
  net_amount: optional,
  symbol: optional,
  qty: optional,
  price: optional,
  status: optional,
  group_id: optional,
});

const decimal = (text: string | null | undefined) => (text ? plain(exact(text)) : null);

/** All that is no execution and was carried out. */
export function parseActivities(items: unknown[]): AccountActivity[] {
  return z
    .array(otherActivity)
    .parse(items)
    .filter(({ status }) => status !== 'canceled')
    .map((activity) => ({
      id: activity.id,
      type: activity.activity_type,
      symbol: activity.symbol || null,
      qty: decimal(activity.qty),
      netAmount: decimal(activity.net_amount) ?? '0',
      price: decimal(activity.price),
      groupId: activity.group_id || null,
      at: new Date(activity.created_at ?? activity.date).toISOString(),
    }));
}
