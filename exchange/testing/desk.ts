import { z } from 'zod';
import { dayFrom, instantOf } from '../clock/new-york';
import { type Exchange, type ExchangeOptions, startExchange } from '../index';

const KEYS = { keyId: 'PKDESK', secret: 'desk-secret' };
const moment = z.object({ timestamp: z.string() });
const positionShape = z.object({
  symbol: z.string(),
  qty: z.string(),
  qty_available: z.string(),
  avg_entry_price: z.string(),
  cost_basis: z.string(),
  market_value: z.string(),
  current_price: z.string(),
  lastday_price: z.string(),
});
const activityShape = z.object({
  id: z.string(),
  activity_type: z.string(),
  activity_sub_type: z.string().optional(),
  date: z.string().optional(),
  net_amount: z.string().optional(),
  per_share_amount: z.string().optional(),
  qty: z.string().optional(),
  symbol: z.string().optional(),
  cusip: z.string().optional(),
  group_id: z.string().optional(),
});
export type SeenPosition = z.infer<typeof positionShape>;
export type SeenActivity = z.infer<typeof activityShape>;

/** An exchange of one account, asked over HTTP, whose time a test moves. */
export interface Desk {
  readonly exchange: Exchange;
  readonly keyId: string;
  get(path: string): Promise<unknown>;
  /** Status and body. */
  send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  control(path: string, body: unknown): Promise<{ status: number; body: unknown }>;
  /** Moves time to a minute of a New York day. */
  moveTo(date: string, minute: number): Promise<void>;
  /** Holds so much of a symbol, from outside. */
  hold(symbol: string, qty: string, price?: string): Promise<void>;
  position(symbol: string): Promise<SeenPosition>;
  /** Of some types, oldest first. */
  activities(types: string): Promise<SeenActivity[]>;
  equity(): Promise<number>;
}

/** Starts one; `clock` is a time in market hours unless said otherwise. */
export async function openDesk(options: ExchangeOptions): Promise<Desk> {
  const plain = { accounts: [KEYS], rateLimit: 'off', partialFillRate: 0 } as const;
  const exchange = await startExchange({ ...plain, ...options });
  const headers = { 'APCA-API-KEY-ID': KEYS.keyId, 'APCA-API-SECRET-KEY': KEYS.secret };
  const ask = async (
    method: string,
    path: string,
    body: unknown,
    auth: Record<string, string>,
  ): Promise<{ status: number; body: unknown }> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(exchange.url + path, { method, headers: auth, ...sent });
    const text = await answer.text();
    const parsed: unknown = text === '' ? null : JSON.parse(text);
    return { status: answer.status, body: parsed };
  };
  const desk: Desk = {
    exchange,
    keyId: KEYS.keyId,
    get: async (path) => (await ask('GET', path, undefined, headers)).body,
    send: (method, path, body) => ask(method, path, body, headers),
    control: (path, body) => ask('POST', path, body, { Authorization: `Bearer ${exchange.controlToken}` }),
    async moveTo(date, minute) {
      const { timestamp } = moment.parse(await desk.get('/v2/clock'));
      const ms = instantOf(dayFrom(date), minute) - Date.parse(timestamp);
      await desk.control('/control/clock', { advance_ms: Math.round(ms) });
    },
    async hold(symbol, qty, price) {
      const at = price === undefined ? {} : { price };
      const { status } = await desk.control('/control/positions', { key_id: KEYS.keyId, symbol, qty, ...at });
      if (status !== 200) throw new Error(`cannot hold ${qty} ${symbol}`);
    },
    position: async (symbol) => positionShape.parse(await desk.get(`/v2/positions/${symbol}`)),
    async activities(types) {
      const path = `/v2/account/activities?direction=asc&activity_types=${types}`;
      return z.array(activityShape).parse(await desk.get(path));
    },
    async equity() {
      return Number(z.object({ equity: z.string() }).parse(await desk.get('/v2/account')).equity);
    },
  };
  return desk;
}
