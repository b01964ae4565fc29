import { z } from 'zod';
import type { Books, Intent } from '../books';
import type { Answer } from '../http';
import { money, units, worth } from '../journal';

export const orderShape = z.looseObject({
  id: z.string(),
  client_order_id: z.string(),
  venue_order_id: z.string().nullable(),
  replaces_id: z.string().nullable(),
  status: z.string(),
  side: z.string(),
  filled_qty: z.string(),
  reason: z.looseObject({ message: z.string() }).nullable(),
});
export type Order = z.infer<typeof orderShape>;
const pageShape = z.looseObject({ orders: z.array(orderShape), next_cursor: z.string().nullable() });
const fill = z.looseObject({ execution_id: z.string(), qty: z.string(), price: z.string() });
const storyShape = z.looseObject({ events: z.array(z.looseObject({ fill: fill.nullable() })) });
const positionsShape = z.looseObject({
  positions: z.array(z.looseObject({ symbol: z.string(), qty: z.string(), side: z.string() })),
});
const ledgerShape = z.looseObject({
  balances: z.array(z.looseObject({ account: z.string(), balance: z.string() })),
});
const alertsShape = z.looseObject({ alerts: z.array(z.looseObject({ symbol: z.string().optional() })) });

/** What somebody meant, and the order that a change was of. */
export type Wish = Intent & { replaces: string | null };

/** An account of the desk as its owner sees it. */
export type Reading = { read: (path: string) => Promise<Answer>; accountId: string };

/** All orders of the account. */
export async function readOrders({ read, accountId }: Reading): Promise<Order[]> {
  const all: Order[] = [];
  for (let cursor = ''; ; ) {
    const page = pageShape.parse(
      (await read(`/orders?status=all&limit=500&account_id=${accountId}${cursor}`)).json,
    );
    all.push(...page.orders);
    if (page.next_cursor === null) return all;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

/**
 * What the desk believes of the account.
 * @param firstCash dollars there were at first, for what its fills leave of them; null where fees are taken besides,
 * which its ledger alone counts
 */
export async function readBooks(
  reading: Reading,
  wishes: readonly Wish[],
  firstCash: string | null,
): Promise<Books> {
  const { read, accountId } = reading;
  const all = await readOrders(reading);
  const fills: Books['fills'] = [];
  let cash = units(firstCash ?? '0', 6);
  for (const { id, side, filled_qty: filled } of all) {
    if (units(filled, 9) === 0n) continue;
    const story = storyShape.parse((await read(`/orders/${id}/events`)).json);
    for (const { fill: posted } of story.events) {
      if (posted === null) continue;
      fills.push({ executionId: posted.execution_id, qty: posted.qty, price: posted.price });
      cash -= (side === 'buy' ? 1n : -1n) * worth(posted.qty, posted.price);
    }
  }
  const { positions } = positionsShape.parse((await read(`/positions?account_id=${accountId}`)).json);
  const { balances } = ledgerShape.parse((await read(`/ledger?limit=1&account_id=${accountId}`)).json);
  const { alerts } = alertsShape.parse((await read(`/alerts?account_id=${accountId}`)).json);
  const ledgerCash = balances.find(({ account }) => account === 'cash');
  if (ledgerCash === undefined) throw new Error('the ledger has no cash');
  return {
    orders: all.map((order) => ({
      clientOrderId: order.client_order_id,
      status: order.status,
      hasReason: order.reason !== null,
      isUnsent: order.reason?.['code'] === 'never_sent',
    })),
    fills,
    cash: firstCash === null ? null : money(cash),
    ledgerCash: money(units(ledgerCash.balance, 6)),
    positions: new Map(
      positions.map(({ symbol, qty, side }) => {
        const held = units(qty.replace('-', ''), 9);
        return [symbol, String(side === 'short' ? -held : held)];
      }),
    ),
    unprotected: new Set(alerts.flatMap(({ symbol }) => (symbol === undefined ? [] : [symbol]))),
    intents: claimed(wishes, all),
  };
}

/**
 * What each wish became. A change that had no answer became the order that replaced the old one, if there is such
 * an order and no other wish has it; otherwise it was never taken in.
 */
function claimed(wishes: readonly Wish[], all: readonly Order[]): Intent[] {
  const heirs = new Map(all.map((order) => [order.replaces_id, order.client_order_id]));
  const taken = new Set(wishes.map(({ clientOrderId }) => clientOrderId));
  return wishes.map(({ name, clientOrderId, replaces }) => {
    if (clientOrderId !== null || replaces === null) return { name, clientOrderId };
    const heir = heirs.get(replaces) ?? null;
    const isFree = heir !== null && !taken.has(heir);
    taken.add(heir);
    return { name, clientOrderId: isFree ? heir : null };
  });
}
