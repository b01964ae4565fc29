import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ask } from '../http';
import { type Line, openJournal } from '../journal';

const TOKEN = 'control token of a gateway in the chaos run';
const listening = z.looseObject({ type: z.literal('listening'), url: z.string(), twsPort: z.number() });
const shown = z.looseObject({ key_id: z.string(), tws_account: z.string() });
const gatewayState = z.looseObject({ client_ids: z.array(z.number()) });

/** A second exchange beside the desk's own, in the part of Interactive Brokers' gateway. */
export type GatewayProcess = {
  /** Where it speaks the TWS API. */
  readonly port: number;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  openAccount(): Promise<{ keyId: string; number: string }>;
  strike(fault: { action: string; [setting: string]: unknown }): Promise<void>;
  clear(): Promise<void>;
  clients(): Promise<readonly number[]>;
  /** Executes a share of the newest order under this reference, at its limit. */
  fill(ref: string): Promise<void>;
  journal(): readonly Line[];
  dispose(): Promise<void>;
};

/** Honest fills, because those alone cost something: what IB takes for an execution must be in the books. */
const FLAGS = [
  '--fills',
  'honest',
  '--fee',
  '0.01',
  '--dividends',
  'off',
  '--carry',
  'off',
  '--rate-limit',
  'off',
];

export async function startGateway(): Promise<GatewayProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outcry-gateway-'));
  const args = ['dist/exchange.js', '--port', '0', '--tws-port', '0', '--data-dir', dataDir, ...FLAGS];
  const child = spawn(process.execPath, [...args, '--control-token', TOKEN], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { url, twsPort } = await told(child);
  const journal = openJournal(join(dataDir, 'journal.jsonl'));

  const control: GatewayProcess['control'] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await ask(`${url}/control/${path}`, method, { headers, body });
    if (answer.status === null || answer.status >= 300)
      throw new Error(`control ${path} answered ${answer.status}: ${answer.text}`);
    return answer.json;
  };
  return {
    port: twsPort,
    control,
    async openAccount() {
      const { key_id: keyId, tws_account: number } = shown.parse(await control('POST', 'tws/accounts', {}));
      return { keyId, number };
    },
    strike: async (fault) => void (await control('POST', 'faults', { kind: 'tws', ...fault })),
    clear: async () => void (await control('DELETE', 'faults')),
    clients: async () => gatewayState.parse(await control('GET', 'tws')).client_ids,
    async fill(ref) {
      const order = journal().findLast((line) => line.order?.tws?.order_ref === ref)?.order;
      await control('POST', 'fills', { order_id: order?.id, qty: '1' });
    },
    journal,
    async dispose() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

async function told(child: ChildProcess): Promise<z.infer<typeof listening>> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('the gateway ended before it listened');
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return listening.parse(message);
}
