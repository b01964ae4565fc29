import { createHash } from 'node:crypto';
import { and, eq, lt } from 'drizzle-orm';
import { webhookAlerts, webhookSignatures } from '@/db/schema';
import type { Db } from '@/db/client';
import { DeskError } from '@/domain/errors';
import { contentOf } from '@/domain/webhook/alert';
import type { JsonObject } from '@/domain/webhook/json-object';
import type { WebhookContext } from '../context';

/** Longer than any timestamp holds, before and after. */
const SIGNATURE_KEPT_MS = 15 * 60_000;

/** An alert with its identity; `bareSignature` is what signed it where the identity is not signed with it. */
export type Alert = { id: string; body: JsonObject; bareSignature: string | null };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What the orders of this alert are known by: the same hook and alert id give the same key, for ever. */
export const keyOfAlert = (hookId: string, alertId: string) =>
  `hook-${sha256(JSON.stringify([hookId, alertId]))}`;

/**
 * Binds the alert's id to its body, durably, before anything comes of it. A repeat finds itself.
 * Errors: `idempotency_mismatch` for an id that stands for another body, or a signature that named another id.
 */
export async function claimAlert(ctx: WebhookContext, alert: Alert): Promise<void> {
  const { hookId } = ctx.actor;
  const bodyHash = sha256(JSON.stringify(contentOf(alert.body)));
  const isKnown = refuseOther(await claimOf(ctx.database.db, hookId, alert.id), bodyHash);
  if (isKnown && alert.bareSignature === null) return;
  const at = ctx.clock.iso();
  await ctx.database.write(async (db) => {
    const isTaken = refuseOther(await claimOf(db, hookId, alert.id), bodyHash);
    const isSigned = await refuseRenamed(db, hookId, alert);
    if (!isTaken) await db.insert(webhookAlerts).values({ hookId, alertId: alert.id, bodyHash, at });
    if (alert.bareSignature === null || isSigned) return;
    const old = ctx.clock.iso(ctx.clock.now() - SIGNATURE_KEPT_MS);
    const signature = { hookId, signature: alert.bareSignature, alertId: alert.id, at };
    await db.batch([
      db.insert(webhookSignatures).values(signature),
      db
        .delete(webhookSignatures)
        .where(and(eq(webhookSignatures.hookId, hookId), lt(webhookSignatures.at, old))),
    ]);
  });
}

async function claimOf(db: Db, hookId: string, alertId: string): Promise<string | null> {
  const [claim] = await db
    .select({ bodyHash: webhookAlerts.bodyHash })
    .from(webhookAlerts)
    .where(and(eq(webhookAlerts.hookId, hookId), eq(webhookAlerts.alertId, alertId)))
    .limit(1);
  return claim?.bodyHash ?? null;
}

/** Whether the id is known for this body. */
function refuseOther(claimed: string | null, bodyHash: string): boolean {
  if (claimed === null || claimed === bodyHash) return claimed !== null;
  throw new DeskError(
    'idempotency_mismatch',
    'This alert id was used before with another body. Give every alert an id of its own.',
  );
}

/** Whether the signature is known for this very id. */
async function refuseRenamed(db: Db, hookId: string, alert: Alert): Promise<boolean> {
  if (alert.bareSignature === null) return false;
  const [before] = await db
    .select({ alertId: webhookSignatures.alertId })
    .from(webhookSignatures)
    .where(and(eq(webhookSignatures.hookId, hookId), eq(webhookSignatures.signature, alert.bareSignature)))
    .limit(1);
  if (before === undefined || before.alertId === alert.id) return before !== undefined;
  throw new DeskError(
    'idempotency_mismatch',
    'The same signature came before under another X-Outcry-Id, which it does not cover. To send the same body twice in a second, put alert_id in the body.',
  );
}
