import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type ExchangeOptions, startExchange } from '@/exchange/index';
import { sendJson } from '../http-caller';
import { freePort } from '../cluster/free-port';

const TOKEN = 'a control token of a gateway under test';
const shown = z.looseObject({ key_id: z.string(), tws_account: z.string() });
const connected = z.looseObject({ client_ids: z.array(z.number()) });
const line = z.looseObject({
  type: z.string(),
  order: z
    .looseObject({ id: z.string(), tws: z.looseObject({ order_ref: z.string() }).optional() })
    .optional(),
});

/** The exchange in the part of Interactive Brokers: a gateway on a port of its own, over real sockets. */
export type TestGateway = {
  readonly port: number;
  /** What makes it the gateway of a desk that starts with these. */
  readonly settings: Readonly<Record<string, string>>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Opens an account with so much cash and shows it. */
  openAccount(cash?: string): Promise<{ keyId: string; number: string }>;
  /** Sets a fault of the wire. */
  strike(fault: { action: string; [setting: string]: unknown }): Promise<void>;
  clear(): Promise<void>;
  /** How many clients are connected. */
  clients(): Promise<number>;
  /** Fills so much of the order that was placed under this reference. */
  fill(ref: string, qty: string, price?: string): Promise<void>;
  /** How many orders the exchange took under this reference, by its own journal. */
  timesTaken(ref: string): Promise<number>;
  dispose(): Promise<void>;
};

export async function startGateway(options: Partial<ExchangeOptions> = {}): Promise<TestGateway> {
  const dataDir = await mkdtemp(join(tmpdir(), 'st-gateway-'));
  const twsPort = await freePort();
  const exchange = await startExchange({
    port: 0,
    dataDir,
    controlToken: TOKEN,
    rateLimit: 'off',
    twsPort,
    ...options,
  });
  const control: TestGateway['control'] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const { status, text } = await sendJson(exchange.url, method, `/control/${path}`, body, headers);
    if (status >= 300) throw new Error(`control ${path} answered ${status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  async function ordersOf(ref: string): Promise<string[]> {
    const lines = (await readFile(join(dataDir, 'journal.jsonl'), 'utf8')).split('\n');
    return lines.flatMap((text) => {
      if (!text.includes('"order_accepted"')) return [];
      const { order } = line.parse(JSON.parse(text));
      return order?.tws?.order_ref === ref ? [order.id] : [];
    });
  }
  return {
    port: twsPort,
    settings: { IBKR_GATEWAY: `127.0.0.1:${twsPort}`, IBKR_CLIENT_ID: '7' },
    control,
    async openAccount(cash = '100000') {
      const { key_id: keyId, tws_account: number } = shown.parse(
        await control('POST', 'tws/accounts', { cash }),
      );
      return { keyId, number };
    },
    strike: async (fault) => void (await control('POST', 'faults', { kind: 'tws', ...fault })),
    clear: async () => void (await control('DELETE', 'faults')),
    clients: async () => connected.parse(await control('GET', 'tws')).client_ids.length,
    async fill(ref, qty, price) {
      const id = (await ordersOf(ref)).at(-1);
      await control('POST', 'fills', { order_id: id, qty, ...(price === undefined ? {} : { price }) });
    },
    timesTaken: async (ref) => (await ordersOf(ref)).length,
    async dispose() {
      await exchange.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
