import { WebSocket } from 'undici';
import { z } from 'zod';
import type { Books, BookOrder, Intent } from '../books';
import type { ChaosDesk } from '../desk';
import { type Answer, ask } from '../http';
import { money, units, worth } from '../journal';
import type { Sender, Terms } from './sender';

/**
 * What a naive sender makes of a missing answer: `anew` sends again under a new id, `assume` takes it for a yes.
 * `insist` sends again under a new id after a refusal, too.
 */
export type NaiveWay = 'anew' | 'assume' | 'insist';

const account = z.looseObject({ key_id: z.string(), secret_key: z.string(), cash: z.string() });
const update = z.looseObject({
  event: z.string(),
  execution_id: z.string().optional(),
  qty: z.string().optional(),
  price: z.string().optional(),
  order: z.looseObject({
    id: z.string(),
    client_order_id: z.string(),
    symbol: z.string(),
    side: z.string(),
  }),
});
const message = z.looseObject({ stream: z.string(), data: z.unknown() });
const found = z.looseObject({ id: z.string() });
const activity = z.array(
  z.looseObject({ id: z.string(), qty: z.string(), price: z.string(), side: z.string(), symbol: z.string() }),
);

const ENDED = new Set(['filled', 'canceled', 'expired', 'rejected', 'replaced']);
const PATIENCE_MS = 700;

export type NaiveSender = Sender & { readonly keyId: string };

/**
 * The control: a program that speaks to the exchange itself, believes what it is told, hears no event it was not
 * sent, and counts what it hears. With no fault its books are right; a fault that leaves them right was not felt.
 * @param alsoPolls takes executions from the account's activities, too, as if they were others
 */
export async function startNaive(desk: ChaosDesk, way: NaiveWay, alsoPolls: boolean): Promise<NaiveSender> {
  const keys = account.parse(await desk.control('POST', 'accounts', {}));
  const headers = { 'APCA-API-KEY-ID': keys.key_id, 'APCA-API-SECRET-KEY': keys.secret_key };
  const orders = new Map<string, BookOrder>();
  const venueIds = new Map<string, string>();
  const intents: Intent[] = [];
  const fills: Books['fills'] = [];
  const held = new Map<string, bigint>();
  let cash = units(keys.cash, 6);
  let sent = 0;

  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(`${desk.exchangeUrl}/v2${path}`, method, { headers, body, timeoutMs: PATIENCE_MS });

  function post(executionId: string, qty: string, price: string, side: string, symbol: string): void {
    fills.push({ executionId, qty, price });
    const sign = side === 'buy' ? 1n : -1n;
    cash -= sign * worth(qty, price);
    held.set(symbol, (held.get(symbol) ?? 0n) + sign * units(qty, 9));
  }

  function write(clientOrderId: string, status: string): void {
    orders.set(clientOrderId, {
      clientOrderId,
      status: ENDED.has(status) ? status : 'open',
      hasReason: false,
    });
  }

  function hear(data: unknown): void {
    const heard = update.safeParse(data);
    if (!heard.success) return;
    const { event, order, execution_id: executionId, qty = '0', price = '0' } = heard.data;
    const known = orders.get(order.client_order_id);
    if (known === undefined) return;
    // The last word wins, except over the end that it has taken down itself.
    if (known.hasReason) return;
    write(order.client_order_id, event === 'fill' ? 'filled' : event);
    if (executionId !== undefined) post(executionId, qty, price, order.side, order.symbol);
  }

  const socket = new WebSocket(`${desk.exchangeUrl.replace('http', 'ws')}/stream`);
  socket.binaryType = 'arraybuffer';
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('the naive sender has no stream')));
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ action: 'auth', key: keys.key_id, secret: keys.secret_key }));
      socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
    });
    socket.addEventListener('message', ({ data }) => {
      const text = data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data);
      const said = message.parse(JSON.parse(text));
      if (said.stream === 'listening') resolve();
      if (said.stream === 'trade_updates') hear(said.data);
    });
  });

  const newId = (name: string): string => {
    sent += 1;
    return `naive-${keys.key_id}-${name}-${sent}`;
  };

  async function send(
    name: string,
    toVenue: (id: string) => Promise<Answer>,
    chosen?: string,
  ): Promise<string> {
    let id = chosen ?? newId(name);
    write(id, 'new');
    let answer = await toVenue(id);
    if (isNotEnough(way, answer)) {
      orders.delete(id);
      id = newId(name);
      write(id, 'new');
      answer = await toVenue(id);
    }
    const venue = found.safeParse(answer.json);
    if (venue.success) venueIds.set(id, venue.data.id);
    intents.push({ name, clientOrderId: id });
    return id;
  }

  const bodyOf = ({ limitPrice, exits: _none, ...terms }: Terms, id: string) => ({
    ...terms,
    clientOrderId: undefined,
    time_in_force: 'day',
    client_order_id: id,
    ...(limitPrice === null ? { type: 'market' } : { type: 'limit', limit_price: limitPrice }),
  });

  async function repeat(name: string, terms: Terms, times: number): Promise<void> {
    const all = await Promise.all(
      Array.from({ length: times }, () => send(name, (id) => call('POST', '/orders', bodyOf(terms, id)))),
    );
    // It meant one and knows one.
    for (const id of all.slice(1)) {
      orders.delete(id);
      intents.splice(
        intents.findIndex(({ clientOrderId }) => clientOrderId === id),
        1,
      );
    }
  }

  return {
    keyId: keys.key_id,
    submit: (name, terms) =>
      send(name, (id) => call('POST', '/orders', bodyOf(terms, id)), terms.clientOrderId),
    async cancel(handle) {
      // Asking is the end of it, whatever comes after.
      if (orders.get(handle)?.status === 'open')
        orders.set(handle, { clientOrderId: handle, status: 'canceled', hasReason: true });
      await call('DELETE', `/orders/${venueIds.get(handle) ?? handle}`);
    },
    async replace(name, handle, { limitPrice, ...change }) {
      const body = { ...change, ...(limitPrice === undefined ? {} : { limit_price: limitPrice }) };
      const venueId = venueIds.get(handle) ?? handle;
      const id = await send(name, (own) =>
        call('PATCH', `/orders/${venueId}`, { ...body, client_order_id: own }),
      );
      orders.set(handle, { clientOrderId: handle, status: 'replaced', hasReason: true });
      return id;
    },
    // It believes what it was told last.
    heirOf: () => Promise.resolve(null),
    venueId: (handle) => Promise.resolve(venueIds.get(handle) ?? null),
    alert: (name, terms, times) => repeat(name, terms, times),
    repeat,
    async books() {
      if (alsoPolls) {
        const { json } = await call('GET', '/account/activities/FILL');
        for (const { id, qty, price, side, symbol } of activity.safeParse(json).data ?? [])
          post(id.split('::').at(-1) ?? id, qty, price, side, symbol);
      }
      return {
        orders: [...orders.values()],
        fills: [...fills],
        cash: money(cash),
        ledgerCash: null,
        positions: new Map(
          [...held].filter(([, qty]) => qty !== 0n).map(([symbol, qty]) => [symbol, String(qty)]),
        ),
        unprotected: new Set(),
        intents: [...intents],
      };
    },
    close: () => socket.close(),
  };
}

/** Whether a naive sender tries again under a new id. */
function isNotEnough(way: NaiveWay, { status, json }: Answer): boolean {
  if (way === 'assume') return false;
  if (status === null || status >= 500 || json === null) return true;
  return way === 'insist' && status >= 400;
}
