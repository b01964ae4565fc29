import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { DeskError } from '@/domain/errors';
import { tokenOf } from '@/domain/webhook/alert';
import { type JsonObject, readObject } from '@/domain/webhook/json-object';

/** A signed alert is taken so long before and after its own timestamp. */
export const SIGNATURE_WINDOW_S = 300;

/** The header values of a delivery; undefined where one is missing. */
export type HookHeaders = {
  timestamp: string | undefined;
  signature: string | undefined;
  alertId: string | undefined;
};

/** Why a delivery did not prove itself: told apart in the hook's log only. */
export type ProofFault =
  | 'missing_timestamp'
  | 'missing_credential'
  | 'malformed_signature'
  | 'wrong_signature'
  | 'wrong_token';

/** How a delivery proves itself, before the hook's secret is looked at; `body` is null while nothing is proved. */
export type Claim =
  | { way: 'signature'; timestamp: string; signature: Buffer; raw: Buffer }
  | { way: 'token'; token: string; body: JsonObject }
  | { way: 'none'; fault: ProofFault };

/** Errors: `malformed` for a body that is not a JSON object; its words are not repeated, for a secret may be in it. */
export function parseBody(raw: Buffer): JsonObject {
  const body = readObject(textOf(raw) ?? '');
  if (body === null)
    throw new DeskError(
      'malformed',
      'The body must be a JSON object in UTF-8, at most 32 levels deep. In TradingView, check that the message is valid JSON once its placeholders are filled in.',
    );
  return body;
}

/** The body as text; null when it is not UTF-8. */
export function textOf(raw: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    return null;
  }
}

const TIMESTAMP = /^\d{1,15}$/;
const SIGNATURE = /^v1=([0-9a-f]{64})$/i;

/** Reads how a delivery means to prove itself. A signature decides, where there is one. Errors: `malformed`. */
export function readClaim(headers: HookHeaders, raw: Buffer): Claim {
  const { timestamp, signature } = headers;
  if (signature === undefined && timestamp === undefined) {
    const body = parseBody(raw);
    const token = tokenOf(body);
    return typeof token === 'string'
      ? { way: 'token', token, body }
      : { way: 'none', fault: 'missing_credential' };
  }
  if (signature === undefined) return { way: 'none', fault: 'missing_credential' };
  if (timestamp === undefined) return { way: 'none', fault: 'missing_timestamp' };
  const hex = SIGNATURE.exec(signature)?.[1];
  if (hex === undefined || !TIMESTAMP.test(timestamp)) return { way: 'none', fault: 'malformed_signature' };
  return { way: 'signature', timestamp, signature: Buffer.from(hex, 'hex'), raw };
}

/** Null when the claim holds under this secret. Secrets and signatures are compared in constant time. */
export function proofFault(claim: Claim, secret: string): ProofFault | null {
  if (claim.way === 'none') return claim.fault;
  if (claim.way === 'token') {
    const sha256 = (text: string) => createHash('sha256').update(text).digest();
    return timingSafeEqual(sha256(claim.token), sha256(secret)) ? null : 'wrong_token';
  }
  const expected = createHmac('sha256', secret).update(`${claim.timestamp}.`).update(claim.raw).digest();
  return timingSafeEqual(claim.signature, expected) ? null : 'wrong_signature';
}

/** Seconds between a signature's timestamp and our clock where they are too far apart, else null. */
export function secondsOff(claim: Claim, now: number): number | null {
  if (claim.way !== 'signature') return null;
  const off = Math.abs(Math.round(now / 1000) - Number(claim.timestamp));
  return off > SIGNATURE_WINDOW_S ? off : null;
}
