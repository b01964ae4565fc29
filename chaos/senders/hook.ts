import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Rest } from '../faults/fault';

export type Hook = { id: string; secret: string };
const made = z.looseObject({ webhook: z.looseObject({ id: z.string() }), secret: z.string() });

export async function makeHook(rest: Rest): Promise<Hook> {
  const { webhook, secret } = made.parse((await rest('POST', '/webhooks', { name: 'alerts' })).json);
  return { id: webhook.id, secret };
}

/** What proves an alert: HMAC of its time and its body under the hook's secret. */
export function sign(secret: string, at: number, body: string): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return {
    'content-type': 'application/json',
    'x-outcry-timestamp': String(at),
    'x-outcry-signature': `v1=${signature}`,
  };
}
