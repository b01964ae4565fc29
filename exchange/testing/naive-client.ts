import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { type Exchange, startExchange } from '../index';
import { bytesOf } from '../stream/socket';

const KEY = { keyId: 'PKNAIVE', secret: 'naive-secret' };
const headers = { 'APCA-API-KEY-ID': KEY.keyId, 'APCA-API-SECRET-KEY': KEY.secret };
export const orderShape = z.looseObject({
  id: z.string(),
  client_order_id: z.string(),
  status: z.string(),
  filled_qty: z.string(),
});
export type SeenOrder = z.infer<typeof orderShape>;
const message = z.looseObject({
  stream: z.string(),
  data: z.looseObject({
    event: z.string().optional(),
    execution_id: z.string().optional(),
    price: z.string().optional(),
    qty: z.string().optional(),
  }),
});
export type SeenUpdate = z.infer<typeof message>['data'];

/** What came of a request, as a program that trusts the wire sees it. */
export interface Outcome {
  /** HTTP status; null when there was no whole answer. */
  readonly status: number | null;
  readonly json: unknown;
  readonly headers: Headers | null;
}

/** An exchange and a program that believes everything it is told and gives up after a moment. */
export class NaiveWorld {
  readonly exchange: Exchange;
  readonly updates: SeenUpdate[] = [];
  socket: WebSocket | null = null;
  #wake: () => void = () => {};

  private constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  static async start(seed = 1): Promise<NaiveWorld> {
    return new NaiveWorld(
      await startExchange({
        accounts: [KEY],
        controlToken: 'token',
        rateLimit: 'off',
        partialFillRate: 0,
        seed,
      }),
    );
  }

  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.exchange.url}/control/${path}`, {
      method,
      headers: { Authorization: 'Bearer token' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`control answered ${answer.status} ${text}`);
    return path === 'journal' ? text : JSON.parse(text);
  }

  set(fault: unknown): Promise<unknown> {
    return this.control('POST', 'faults', fault);
  }

  async ask(method: string, path: string, body?: unknown): Promise<Outcome> {
    try {
      const answer = await fetch(this.exchange.url + path, {
        method,
        headers,
        signal: AbortSignal.timeout(600),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
      return { status: answer.status, json, headers: answer.headers };
    } catch {
      return { status: null, json: null, headers: null };
    }
  }

  /** A far limit order unless told otherwise. */
  place(id: string, more: Record<string, unknown> = {}): Promise<Outcome> {
    const order = {
      symbol: 'AAPL',
      qty: '10',
      side: 'buy',
      type: 'limit',
      limit_price: '100',
      time_in_force: 'day',
    };
    return this.ask('POST', '/v2/orders', { ...order, client_order_id: id, ...more });
  }

  async order(id: string): Promise<SeenOrder> {
    const { json } = await this.ask('GET', `/v2/orders:by_client_order_id?client_order_id=${id}`);
    return orderShape.parse(json);
  }

  async until(id: string, status: string): Promise<SeenOrder> {
    for (let tries = 0; tries < 400; tries += 1) {
      const order = await this.order(id);
      if (order.status === status) return order;
    }
    throw new Error(`order ${id} never became ${status}`);
  }

  async count(): Promise<number> {
    const { json } = await this.ask('GET', '/v2/orders?status=all&limit=500');
    return z.array(orderShape).parse(json).length;
  }

  async listen(): Promise<void> {
    const socket = new WebSocket(`${this.exchange.url.replace('http', 'ws')}/stream`);
    this.socket = socket;
    const ready = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const heard = message.parse(JSON.parse(bytesOf(data).toString()));
        if (heard.stream === 'listening') resolve();
        if (heard.stream === 'trade_updates') this.updates.push(heard.data);
        this.#wake();
      });
    });
    await once(socket, 'open');
    socket.send(JSON.stringify({ action: 'auth', key: KEY.keyId, secret: KEY.secret }));
    socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
    await ready;
  }

  /** Waits until that many updates of these names were heard. */
  async heard(count: number, ...events: string[]): Promise<SeenUpdate[]> {
    const those = (): SeenUpdate[] => this.updates.filter(({ event = '' }) => events.includes(event));
    while (those().length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return those();
  }

  close(): Promise<void> {
    this.socket?.terminate();
    return this.exchange.close();
  }
}
