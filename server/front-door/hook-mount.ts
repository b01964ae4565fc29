import type { IncomingMessage } from 'node:http';
import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import { IN_FLIGHT } from '@/domain/order/status';
import { bodyToKeep, withoutSecrets } from '@/domain/webhook/alert';
import { readObject } from '@/domain/webhook/json-object';
import { type FoundHook, HookRefusal } from '@/server/auth/hook-gate';
import { type HookHeaders, textOf } from '@/server/auth/hook-proof';
import type { Container } from '@/server/container';
import type { WebhookContext } from '@/server/services/context';
import { AlertFieldsError } from '@/server/services/webhooks/hook-record';
import { type DeliveryNote, logDelivery } from '@/server/services/webhooks/delivery-log';
import { orderMadeBy, receiveAlert } from '@/server/services/webhooks/receive-alert';
import { type PublicError, publicError } from '@/server/trpc/errors';
import { clientAddress, spendAs } from './edge';
import { readBytes, restError, sendJson, type Visit } from './respond';
import { inSnakeCase } from './rest/rest-mount';
import { toSnakeCase } from './rest/snake-case';

const HOOK = /^\/hooks\/([\w-]{1,64})$/;
const HOOK_ID = /^whk_[0-9a-z]{26}$/;
const MAX_BODY_BYTES = 64 * 1024;
const KEPT_CHARACTERS = 8_000;

/** What is known of a delivery so far. */
type Note = { alertId: string | null; ctx: WebhookContext | null; raw: Buffer | null };
type Outcome = Pick<DeliveryNote, 'verdict' | 'status' | 'reason' | 'message' | 'orderId'>;

/** Where alerts come in. No session, no cookie, no other origin's page: a delivery proves itself or is refused. */
export function createHookMount(desk: Container) {
  async function receive(visit: Visit, found: FoundHook | null, note: Note): Promise<Outcome> {
    if (visit.query !== '')
      throw new DeskError(
        'malformed',
        'A hook takes nothing in its address: addresses are logged. Send the secret as "token" in the JSON body, or sign the request.',
      );
    note.raw = await readBytes(visit.req, MAX_BODY_BYTES);
    const { actor, alert } = desk.hooks.open(found, headersOf(visit.req), note.raw);
    if (found === null) throw new Error('the gate let an unknown hook pass');
    note.alertId = alert.id;
    const ctx: WebhookContext = { ...desk.services, actor };
    note.ctx = ctx;
    const { order, isNew } = await receiveAlert(ctx, found.row, alert);
    const status = statusOf(order, isNew);
    sendJson(visit, status, toSnakeCase(order));
    const verdict = isNew ? 'order_made' : 'repeated';
    return { verdict, status, reason: null, message: null, orderId: order.id };
  }

  async function refuse(visit: Visit, note: Note, error: unknown): Promise<Outcome> {
    const shown = publicError(error);
    if (shown.status === 500)
      desk.log.error({ err: error, requestId: visit.requestId }, 'a webhook delivery failed');
    if (shown.code === 'too_large') visit.res.setHeader('connection', 'close');
    const spelled = error instanceof AlertFieldsError ? shown : inSnakeCase(shown);
    sendJson(visit, shown.status, restError(spelled, visit.requestId));
    const { ctx, alertId } = note;
    // A denied or rejected order is in the books all the same, and the log should lead to it.
    const made = ctx === null || alertId === null ? null : await orderMadeBy(ctx, alertId).catch(() => null);
    return { ...refusalOf(error, shown), orderId: made?.id ?? null };
  }

  /** Written after the answer: what the sender hears does not wait for it, nor fail with it. */
  async function keep(visit: Visit, found: FoundHook, note: Note, outcome: Outcome): Promise<void> {
    const text = note.raw === null ? null : textOf(note.raw);
    try {
      await logDelivery(desk.services, {
        ...outcome,
        message: outcome.message === null ? null : withoutSecrets(outcome.message),
        hookId: found.row.id,
        alertId: note.alertId === null ? null : withoutSecrets(note.alertId),
        address: clientAddress(desk, visit.req),
        requestId: visit.requestId,
        body: text === null ? null : bodyToKeep(text, readObject(text), KEPT_CHARACTERS),
      });
    } catch (error) {
      desk.log.error({ err: error, requestId: visit.requestId }, 'a webhook delivery was not logged');
    }
  }

  return {
    takes: (path: string) => HOOK.test(path),
    /** Errors: `method_not_allowed`, `rate_limited`; both come before anything of the delivery is read. */
    async serve(visit: Visit): Promise<void> {
      const hookId = HOOK.exec(visit.path)?.[1] ?? '';
      if (visit.req.method !== 'POST') {
        visit.res.setHeader('allow', 'POST');
        throw new DeskError('method_not_allowed', `${visit.req.method} is not possible here; POST is.`);
      }
      await spendAs(desk, visit, 'hooks', [`ip:${clientAddress(desk, visit.req)}`, `hook:${hookId}`]);
      const found = HOOK_ID.test(hookId) ? await desk.hooks.find(hookId) : null;
      const note: Note = { alertId: null, ctx: null, raw: null };
      const outcome = await receive(visit, found, note).catch((error: unknown) => refuse(visit, note, error));
      if (found !== null) await keep(visit, found, note, outcome);
      else desk.log.warn({ requestId: visit.requestId }, 'an alert came for a webhook that does not exist');
    },
  };
}

function headersOf({ headers }: IncomingMessage): HookHeaders {
  const one = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    timestamp: one('x-outcry-timestamp'),
    signature: one('x-outcry-signature'),
    alertId: one('x-outcry-id'),
  };
}

function statusOf(order: Order, isNew: boolean): number {
  if (IN_FLIGHT.includes(order.status)) return 202;
  return isNew ? 201 : 200;
}

function refusalOf(error: unknown, { status, code, rule, message }: PublicError): Omit<Outcome, 'orderId'> {
  const reason = error instanceof HookRefusal ? error.reason : (rule ?? code);
  return { verdict: status >= 500 ? 'failed' : 'refused', status, reason, message };
}
