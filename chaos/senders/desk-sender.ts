import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ChaosDesk } from '../desk';
import { type Answer, ask } from '../http';
import type { Rest } from '../faults/fault';
import { orderShape, readBooks, readOrders, type Wish } from './desk-books';
import { type Hook, makeHook, sign } from './hook';
import { restTerms, type Sender } from './sender';

const PATIENCE_MS = 60_000;
const accountShape = z.looseObject({ id: z.string(), account_number: z.string(), cash: z.string() });
const tokenShape = z.looseObject({ access_token: z.string() });

export type DeskSender = Sender & {
  readonly accountNumber: string;
  /** Signs the user's requests for a quarter of an hour; `rest` signs in anew. */
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
  const logIn = async () => {
    const login = await patiently(() => ask(`${desk.url}/api/v1/auth/login`, 'POST', { body: credentials }));
    return `Bearer ${tokenShape.parse(login.json).access_token}`;
  };
  const authorization = await logIn();
  let current = authorization;
  // An access token lasts a quarter of an hour, and accounts are looked at again at the end of a long run.
  const call: Rest = async (method, path, body, headers = {}) => {
    const send = () =>
      ask(`${desk.url}/api/v1${path}`, method, { body, headers: { authorization: current, ...headers } });
    const answer = await send();
    if (answer.status !== 401) return answer;
    current = await logIn();
    return send();
  };
  const read = (path: string) => patiently(() => call('GET', path));

  const first = accountShape.parse((await read('/account')).json);
  const reading = { read, accountId: first.id };
  const intents: Wish[] = [];
  let hook: Hook | null = null;

  function keep(name: string, answer: Answer, replaces: string | null): string | null {
    const order = orderShape.safeParse(answer.json);
    intents.push({ name, clientOrderId: order.data?.client_order_id ?? null, replaces });
    return order.data?.id ?? null;
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
      const heirs = (await readOrders(reading)).filter((order) => order.replaces_id === handle);
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
    books: () => readBooks(reading, intents, first.cash),
    close() {},
  };
}

/** Asks until the answer is one to rely on: not 5xx, not 429, not none. */
export async function patiently(send: () => Promise<Answer>): Promise<Answer> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    const answer = await send();
    if (answer.status !== null && answer.status < 500 && answer.status !== 429) return answer;
    if (performance.now() > deadline) throw new Error(`no answer in time: ${answer.status} ${answer.text}`);
    await pause(waitMs);
  }
}
