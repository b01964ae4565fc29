import { createHmac } from 'node:crypto';
import type { Webhook } from '@/domain/webhook/hook';
import type { TestDesk } from './desk';
import { type Headers, type Reply, send } from './http-caller';
import type { Trader } from './trader';

type Options = {
  /** Sent as X-Outcry-Id; none when it is null. */
  id?: string | null;
  secondsOff?: number;
  secret?: string;
  headers?: Headers;
};

/** A hook as its sender knows it: where it is, and the secret. */
export type Sender = {
  readonly webhook: Webhook;
  readonly secret: string;
  /** Signs a body and sends it. */
  signed(body: string | Buffer, options?: Options): Promise<Reply>;
  /** Sends a body with the secret as its token. */
  withToken(body: Record<string, unknown>, token?: string): Promise<Reply>;
  /** Sends a body with these headers and nothing else. */
  raw(body: string | Buffer, headers?: Headers): Promise<Reply>;
};

/** The value of X-Outcry-Signature, as any sender makes it. */
export function signatureOf(secret: string, timestamp: number | string, body: string | Buffer): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/** Makes a hook for the trader's account and a sender that knows its secret. */
export async function makeHook(
  desk: Pick<TestDesk, 'url'>,
  trader: Trader,
  more: Partial<Parameters<Trader['trpc']['webhooks']['create']['mutate']>[0]> = {},
): Promise<Sender> {
  const { webhook, secret } = await trader.trpc.webhooks.create.mutate({ name: 'alerts', ...more });
  return senderOf(desk.url, webhook, secret);
}

export function senderOf(url: string, webhook: Webhook, secret: string): Sender {
  const raw = (body: string | Buffer, headers: Headers = {}) =>
    send(url, 'POST', `/hooks/${webhook.id}`, { body, headers });
  return {
    webhook,
    secret,
    raw,
    signed(body, options = {}) {
      const timestamp = Math.round(Date.now() / 1000) + (options.secondsOff ?? 0);
      const { id = 'alert-1' } = options;
      return raw(body, {
        'x-outcry-timestamp': String(timestamp),
        'x-outcry-signature': signatureOf(options.secret ?? secret, timestamp, body),
        ...(id === null ? {} : { 'x-outcry-id': id }),
        ...options.headers,
      });
    },
    withToken: (body, token = secret) =>
      raw(JSON.stringify({ ...body, token }), { 'content-type': 'application/json' }),
  };
}
