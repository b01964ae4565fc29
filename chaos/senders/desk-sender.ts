import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Books, Intent } from '../books';
import type { ChaosDesk } from '../desk';
import { type Answer, ask } from '../http';
import { money, units, worth } from '../journal';
import type { Rest } from '../faults/fault';
import { type Hook, makeHook, sign } from './hook';
import { restTerms, type Sender } from './sender';

const PATIENCE_MS = 60_000;
const orderShape = z.looseObject({
  id: z.string(),
  client_order_id: z.string(),
  venue_order_id: z.string().nullable(),
  replaces_id: z.string().nullable(),
  status: z.string(),
  side: z.string(),
  filled_qty: z.string(),
  reason: z.looseObject({ message: z.string() }).nullable(),
});
type Order = z.infer<typeof orderShape>;
const pageShape = z.looseObject({ orders: z.array(orderShape), next_cursor: z.string().nullable() });
const fill = z.looseObject({ execution_id: z.string(), qty: z.string(), price: z.string() });
const storyShape = z.looseObject({ events: z.array(z.looseObject({ fill: fill.nullable() })) });
const accountShape = z.looseObject({ account_number: z.string(), cash: z.string() });
const positionsShape = z.looseObject({
  positions: z.array(z.looseObject({ symbol: z.string(), qty: z.string(), side: z.string() })),
});
const ledgerShape = z.looseObject({
  balances: z.array(z.looseObject({ account: z.string(), balance: z.string() })),
});
const alertsShape = z.looseObject({ alerts: z.array(z.looseObject({ symbol: z.string().optional() })) });
const tokenShape = z.looseObject({ access_token: z.string() });

export type DeskSender = Sender & {
  readonly accountNumber: string;
  /** Signs the user's requests. */
  readonly authorization: string;
  readonly rest: Rest;
};

/**
 * A user of the desk, who does what a real client does: asks again, with the same key, until there is an answer.
 * @param more what signing up takes besides: the keys of an account that exists
 */
export async function signUp(
  desk: Pick<ChaosDesk, 'url'>,
  username: string,
  more: object = {},
): Promise<DeskSender> {
  const credentials = { username, password: 'correct horse battery' };
  await patiently(() =>
    ask(`${desk.url}/api/v1/auth/register`, 'POST', {
      body: { ...credentials, ...more, email: `${username}@desk.test` },
    }),
  );
  const login = await patiently(() => ask(`${desk.url}/api/v1/auth/login`, 'POST', { body: credentials }));
  const authorization = `Bearer ${tokenShape.parse(login.json).access_token}`;
  const call: Rest = (method, path, body, headers = {}) =>
    ask(`${desk.url}/api/v1${path}`, method, { body, headers: { authorization, ...headers } });
  const read = (path: string) => patiently(() => call('GET', path));

  const first = accountShape.parse((await read('/account')).json);
  const intents: (Intent & { replaces: string | null })[] = [];
  let hook: Hook | null = null;

  function keep(name: string, answer: Answer, replaces: string | null): string | null {
    const order = orderShape.safeParse(answer.json);
    intents.push({ name, clientOrderId: order.data?.client_order_id ?? null, replaces });
    return order.data?.id ?? null;
  }

  async function orders(): Promise<Order[]> {
    const all: Order[] = [];
    for (let cursor = ''; ; ) {
      const page = pageShape.parse((await read(`/orders?status=all&limit=500${cursor}`)).json);
      all.push(...page.orders);
      if (page.next_cursor === null) return all;
      cursor = `&cursor=${page.next_cursor}`;
    }
  }

  return {
    accountNumber: first.account_number,
    authorization,
    rest: call,
    async submit(name, terms) {
      const headers = { 'idempotency-key': `intent-${name}` };
      const answer = await patiently(() => call('POST', '/orders', restTerms(terms), headers));
      return keep(name, answer, null);
    },
    async cancel(handle) {
      await patiently(() => call('DELETE', `/orders/${handle}`));
    },
    async replace(name, handle, { limitPrice, ...change }) {
      const body = { ...change, ...(limitPrice === undefined ? {} : { limit_price: limitPrice }) };
      // A change has no key: a client that gets no answer looks at its orders instead of asking again.
      return keep(name, await call('PATCH', `/orders/${handle}`, body), handle);
    },
    async heirOf(handle) {
      const heirs = (await orders()).filter((order) => order.replaces_id === handle);
      return heirs.find(({ status }) => status !== 'denied' && status !== 'rejected')?.id ?? null;
    },
    async venueId(handle) {
      return orderShape.parse((await read(`/orders/${handle}`)).json).venue_order_id;
    },
    async repeat(name, terms, times) {
      const headers = { 'idempotency-key': `intent-${name}` };
      const send = () => patiently(() => call('POST', '/orders', restTerms(terms), headers));
      const answers = await Promise.all(Array.from({ length: times }, send));
      const other = await patiently(() =>
        call('POST', '/orders', restTerms({ ...terms, qty: `${terms.qty}1` }), headers),
      );
      const ids = new Set(
        answers.map(({ json }) => orderShape.safeParse(json).data?.client_order_id ?? null),
      );
      for (const clientOrderId of ids) intents.push({ name, clientOrderId, replaces: null });
      if (other.status !== 422)
        intents.push({ name: `${name}-other`, clientOrderId: 'taken', replaces: null });
    },
    async alert(name, terms, times) {
      hook ??= await makeHook(call);
      const { id, secret } = hook;
      const body = JSON.stringify({ alert_id: `alert-${name}`, ...restTerms(terms) });
      const deliver = (at: number) => () =>
        ask(`${desk.url}/hooks/${id}`, 'POST', { text: body, headers: sign(secret, at, body) });
      const now = Math.floor(Date.now() / 1000);
      const answers = await Promise.all(Array.from({ length: times }, () => patiently(deliver(now))));
      const ids = new Set(
        answers.map(({ json }) => orderShape.safeParse(json).data?.client_order_id ?? null),
      );
      for (const clientOrderId of ids) intents.push({ name, clientOrderId, replaces: null });
      // A replay after its window is refused, whatever became of the first.
      const late = await patiently(deliver(now - 26 * 3_600));
      if (late.status !== 401) intents.push({ name: `${name}-late`, clientOrderId: 'taken', replaces: null });
    },
    async books(): Promise<Books> {
      const all = await orders();
      const fills: Books['fills'] = [];
      let cash = units(first.cash, 6);
      for (const { id, side, filled_qty: filled } of all) {
        if (units(filled, 9) === 0n) continue;
        const story = storyShape.parse((await read(`/orders/${id}/events`)).json);
        for (const { fill: posted } of story.events) {
          if (posted === null) continue;
          fills.push({ executionId: posted.execution_id, qty: posted.qty, price: posted.price });
          cash -= (side === 'buy' ? 1n : -1n) * worth(posted.qty, posted.price);
        }
      }
      const { positions } = positionsShape.parse((await read('/positions')).json);
      const { balances } = ledgerShape.parse((await read('/ledger?limit=1')).json);
      const { alerts } = alertsShape.parse((await read('/alerts')).json);
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
        cash: money(cash),
        ledgerCash: money(units(ledgerCash.balance, 6)),
        positions: new Map(
          positions.map(({ symbol, qty, side }) => {
            const held = units(qty.replace('-', ''), 9);
            return [symbol, String(side === 'short' ? -held : held)];
          }),
        ),
        unprotected: new Set(alerts.flatMap(({ symbol }) => (symbol === undefined ? [] : [symbol]))),
        intents: claimed(intents, all),
      };
    },
    close() {},
  };
}

/**
 * What each wish became. A change that had no answer became the order that replaced the old one, if there is such
 * an order and no other wish has it; otherwise it was never taken in.
 */
function claimed(wishes: readonly (Intent & { replaces: string | null })[], all: readonly Order[]): Intent[] {
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

/** Asks until the answer is one to rely on: not 5xx, not 429, not none. */
async function patiently(send: () => Promise<Answer>): Promise<Answer> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    const answer = await send();
    if (answer.status !== null && answer.status < 500 && answer.status !== 429) return answer;
    if (performance.now() > deadline) throw new Error(`no answer in time: ${answer.status} ${answer.text}`);
    await pause(waitMs);
  }
}
