import { z } from 'zod';
import { DeskError, type FieldError } from '@/domain/errors';
import { orderClass, orderSide, orderType, timeInForce } from '@/domain/order/order';
import type { SubmitOrderInput } from '@/domain/order/submit-order';
import { alertIdOf, contentOf } from '@/domain/webhook/alert';
import { own, readObject } from '@/domain/webhook/json-object';
import { MAPPING_MAX, mappingFaults, orderOfAlert } from '@/domain/webhook/mapping';
import { type AuthorizedAccount, authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { refuseUnsendable } from '../risk/refuse-unsendable';
import { checkRisk } from '../risk/check-risk';
import { findOwnHook } from './hook-record';
import { judgeAlert } from './judge-alert';

const BODY_MAX = 65_536;

export const previewAlertInput = z.strictObject({
  id: z.string().min(1).max(64),
  body: z.string().max(BODY_MAX).describe('the JSON of a sample alert, as its sender would send it'),
  mapping: z
    .string()
    .max(MAPPING_MAX)
    .nullable()
    .optional()
    .describe("tried instead of the hook's own; null for none"),
});

const field = z.object({ field: z.string(), message: z.string() });
const text = z.string().optional();

export const alertPreview = z.object({
  order: z
    .object({
      symbol: z.string(),
      side: orderSide,
      type: orderType,
      timeInForce,
      orderClass,
      extendedHours: z.boolean(),
      qty: text,
      notional: text,
      limitPrice: text,
      stopPrice: text,
      trailPrice: text,
      trailPercent: text,
      takeProfit: z.object({ limitPrice: z.string() }).optional(),
      stopLoss: z.object({ stopPrice: z.string(), limitPrice: text }).optional(),
      clientOrderId: text,
    })
    .nullable()
    .describe('what the alert would become; null while something is wrong with it'),
  alertId: z.string().nullable().describe('its identity, where the body carries one'),
  errors: z.array(field),
  denials: z.array(z.object({ rule: z.string(), message: z.string() })),
  allowed: z.boolean().describe('whether the order would be sent now'),
});
type Preview = z.infer<typeof alertPreview>;

/** What a sample alert would become, and whether limits and risk rules would let it pass. Nothing is sent or kept. */
export async function previewAlert(
  ctx: UserContext,
  input: z.infer<typeof previewAlertInput>,
): Promise<Preview> {
  const hook = await findOwnHook(ctx, input.id);
  const mapping = input.mapping === undefined ? hook.mapping : input.mapping;
  const faulty = mapping === null ? [] : mappingFaults(mapping);
  if (faulty.length > 0) return refused(faulty, null);
  const body = readObject(input.body);
  if (body === null) return refused([{ field: 'body', message: 'must be a JSON object' }], null);
  const alertId = alertIdOf(own(body, 'alert_id'));
  const { order, faults } = orderOfAlert(contentOf(body), mapping);
  if (faults !== null) return refused(faults, alertId);
  const account = await authorizeAccount(ctx, hook.accountId);
  const unlisted = await listingFault(ctx, account, order);
  if (unlisted !== null) return { ...refused(unlisted, alertId), order };
  const denials = [
    ...(await judgeAlert(ctx, account, hook, order)),
    ...(await checkRisk(ctx, account, { ...order, idempotencyKey: 'preview' })),
  ].map(({ rule, message }) => ({ rule, message }));
  return { order, alertId, errors: [], denials, allowed: denials.length === 0 };
}

const refused = (errors: FieldError[], alertId: string | null): Preview => ({
  order: null,
  alertId,
  errors,
  denials: [],
  allowed: false,
});

async function listingFault(
  ctx: UserContext,
  account: AuthorizedAccount,
  order: SubmitOrderInput,
): Promise<FieldError[] | null> {
  try {
    await refuseUnsendable(ctx, account, order);
    return null;
  } catch (error) {
    if (error instanceof DeskError && error.fields !== undefined) return error.fields;
    throw error;
  }
}
