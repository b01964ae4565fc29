import { z } from 'zod';
import type { ChaosDesk } from '../desk';
import type { Problems, World } from '../faults/fault';
import { judge } from '../oracle';
import { orderShape, readBooks, type Wish } from '../senders/desk-books';
import { patiently } from '../senders/desk-sender';
import { restTerms, type Terms } from '../senders/sender';
import { until } from '../until';
import type { GatewayProcess } from './gateway-process';
import { gatewayTruth } from './gateway-truth';

const connection = z.looseObject({ id: z.string() });
const comparison = z.looseObject({ opened_at: z.string().nullable(), drifts: z.array(z.unknown()) });

/** The desk's admin, who has added an account behind the gateway. */
export type GatewayUser = {
  readonly keyId: string;
  /** Sends a wish until there is an answer; the order's id, and what IB knows it by. */
  submit(name: string, terms: Terms): Promise<{ id: string; ref: string }>;
  status(id: string): Promise<string>;
  /** Looks until the account's books agree with the gateway's journal; answers with what differs in the end. */
  problems(withinMs: number): Promise<Problems>;
};

const QUIET_MS = 60_000;

/** Starts the desk anew with this gateway, and adds one of its accounts. The first user of a desk is its admin. */
export async function addGatewayUser(
  { desk, rest }: Pick<World, 'desk' | 'rest'>,
  gateway: GatewayProcess,
): Promise<GatewayUser> {
  if (rest === null) throw new Error('a naive sender has no desk');
  const call = rest;
  const { keyId, number } = await gateway.openAccount();
  await startAt(desk, gateway);
  const added = await patiently(() =>
    call('POST', '/connections/ibkr', { name: 'Behind the gateway', account_number: number }),
  );
  if (added.status !== 201) throw new Error(`adding the account answered ${added.status} ${added.text}`);
  const { id: accountId } = connection.parse(added.json);
  const read = (path: string) => patiently(() => call('GET', path));
  const compare = async () =>
    comparison.parse(
      (await patiently(() => call('POST', '/reconciliation/compare', { account_id: accountId }))).json,
    );
  const isOpen = await until(async () => (await compare()).opened_at !== null, QUIET_MS);
  if (!isOpen) throw new Error('the books of the account were not opened');
  const wishes: Wish[] = [];

  async function differing(): Promise<Problems> {
    const { drifts } = await compare();
    const found = drifts.map((drift) => `the desk calls it a drift: ${JSON.stringify(drift)}`);
    const believed = await readBooks({ read, accountId }, wishes, null);
    return [...found, ...judge(believed, gatewayTruth(gateway.journal(), keyId))];
  }

  return {
    keyId,
    async submit(name, terms) {
      const headers = { 'idempotency-key': `intent-${name}` };
      const body = { account_id: accountId, ...restTerms(terms) };
      const answer = await patiently(() => call('POST', '/orders', body, headers));
      const { id, client_order_id: ref } = orderShape.parse(answer.json);
      wishes.push({ name, clientOrderId: ref, replaces: null });
      return { id, ref };
    },
    status: async (id) => orderShape.parse((await read(`/orders/${id}`)).json).status,
    async problems(withinMs) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const problems = await differing();
        if (problems.length === 0 || performance.now() > deadline) return problems;
      }
    },
  };
}

async function startAt(desk: ChaosDesk, { port }: GatewayProcess): Promise<void> {
  await desk.end('SIGTERM');
  await desk.start({ settings: { IBKR_GATEWAY: `127.0.0.1:${port}`, IBKR_CLIENT_ID: '7' } });
}
