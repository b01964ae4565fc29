import { eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { users, webhooks } from '@/db/schema';
import { ROLE_PERMISSIONS, type WebhookActor } from '@/domain/actor';
import { DeskError } from '@/domain/errors';
import { alertIdOf, contentOf, holdsSecret } from '@/domain/webhook/alert';
import { type JsonObject, own } from '@/domain/webhook/json-object';
import type { Clock } from '@/server/platform/clock';
import { newSecret } from '@/server/platform/ids';
import type { Sealer } from '@/server/platform/seal';
import { type HookRow, openSecret } from '@/server/services/webhooks/hook-record';
import {
  type HookHeaders,
  parseBody,
  type ProofFault,
  proofFault,
  readClaim,
  secondsOff,
  SIGNATURE_WINDOW_S,
} from './hook-proof';

/** A hook as the gate found it, whatever its state; `mayTrade` tells of its owner's role. */
export type FoundHook = { row: HookRow; mayTrade: boolean };

/** A refusal with the reason that the hook's log keeps, where the answer outside says less. */
export class HookRefusal extends DeskError {
  readonly reason: string;
  constructor(reason: string, error: DeskError) {
    super(error.code, error.message);
    this.reason = reason;
  }
}

/** An alert that has proved itself. */
export type ProvedAlert = {
  id: string;
  body: JsonObject;
  /** The signature, where it does not cover the alert's id. */
  bareSignature: string | null;
};

export type HookGate = {
  find(hookId: string): Promise<FoundHook | null>;
  /**
   * Mints the hook's actor for a delivery that proves itself. Errors: `malformed`; `HookRefusal`, whose answer is the
   * same for a hook that is unknown, disabled or deleted and for a proof that does not hold.
   */
  open(
    found: FoundHook | null,
    headers: HookHeaders,
    raw: Buffer,
  ): { actor: WebhookActor; alert: ProvedAlert };
};

type Reason = ProofFault | 'unknown_hook' | 'deleted' | 'disabled' | 'owner_may_not_trade';

const closed = (reason: Reason) =>
  new HookRefusal(
    reason,
    new DeskError(
      'unauthenticated',
      'This hook did not let the alert in. Check the address, that the hook is enabled, and the proof: the headers X-Outcry-Timestamp and X-Outcry-Signature made with its present secret, or the secret as "token" in the JSON body. The log of the hook says which it was.',
    ),
  );

const tooOld = (seconds: number) =>
  new HookRefusal(
    'stale_timestamp',
    new DeskError(
      'unauthenticated',
      `The signature is right, but its timestamp is ${seconds} s away from the desk's clock, and at most ${SIGNATURE_WINDOW_S} s are taken. Sign again with the present time in seconds, and check the sender's clock.`,
    ),
  );

const unnamed = () =>
  new HookRefusal(
    'missing_alert_id',
    new DeskError(
      'invalid_input',
      'The alert has no identity, so a repeat could not be told from a new one. Give each alert one of its own: the header X-Outcry-Id, or "alert_id" in the body, 1 to 200 characters.',
      { fields: [{ field: 'alert_id', message: 'is required' }] },
    ),
  );

const twoNames = () =>
  new HookRefusal(
    'two_alert_ids',
    new DeskError(
      'invalid_input',
      'The header X-Outcry-Id and alert_id in the body differ. Send one of them.',
    ),
  );

const misplaced = () =>
  new HookRefusal(
    'misplaced_secret',
    new DeskError(
      'malformed',
      'A secret stands in this alert elsewhere than in "token", and would be kept with the order. Take it out.',
    ),
  );

function nameOf(headers: HookHeaders, body: JsonObject): { id: string; isInBody: boolean } {
  const given = own(body, 'alert_id');
  const inBody = given === undefined ? null : alertIdOf(given);
  const inHeader = headers.alertId === undefined ? null : alertIdOf(headers.alertId);
  if ((given !== undefined && inBody === null) || (headers.alertId !== undefined && inHeader === null))
    throw unnamed();
  if (inBody !== null && inHeader !== null && inBody !== inHeader) throw twoNames();
  const id = inBody ?? inHeader;
  if (id === null) throw unnamed();
  return { id, isInBody: inBody !== null };
}

export function createHookGate(parts: { database: Database; sealer: Sealer; clock: Clock }): HookGate {
  const { database, sealer, clock } = parts;
  // What is compared where there is no secret, so that it takes no less time.
  const decoy = newSecret();

  return {
    async find(hookId) {
      const [found] = await database.db
        .select({ row: webhooks, role: users.role })
        .from(webhooks)
        .innerJoin(users, eq(users.id, webhooks.userId))
        .where(eq(webhooks.id, hookId))
        .limit(1);
      if (found === undefined) return null;
      return { row: found.row, mayTrade: ROLE_PERMISSIONS[found.role].includes('trade') };
    },
    open(found, headers, raw) {
      const claim = readClaim(headers, raw);
      const fault = proofFault(claim, (found === null ? null : openSecret(sealer, found.row)) ?? decoy);
      if (found === null) throw closed('unknown_hook');
      const { row, mayTrade } = found;
      if (row.deletedAt !== null) throw closed('deleted');
      if (fault !== null) throw closed(fault);
      if (!row.enabled) throw closed('disabled');
      if (!mayTrade) throw closed('owner_may_not_trade');
      const off = secondsOff(claim, clock.now());
      if (off !== null) throw tooOld(off);
      const body = claim.way === 'token' ? claim.body : parseBody(raw);
      const { id, isInBody } = nameOf(headers, body);
      if (holdsSecret(id) || holdsSecret(JSON.stringify(contentOf(body)))) throw misplaced();
      const bareSignature = claim.way === 'signature' && !isInBody ? claim.signature.toString('hex') : null;
      return {
        actor: {
          kind: 'webhook',
          userId: row.userId,
          hookId: row.id,
          hookName: row.name,
          accountId: row.accountId,
        },
        alert: { id, body, bareSignature },
      };
    },
  };
}
