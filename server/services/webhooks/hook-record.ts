import { and, count, eq, isNull } from 'drizzle-orm';
import { webhooks } from '@/db/schema';
import type { Db } from '@/db/client';
import { DeskError, type FieldError } from '@/domain/errors';
import { SECRET_PREFIX } from '@/domain/webhook/alert';
import type { Webhook } from '@/domain/webhook/hook';
import { mappingFaults } from '@/domain/webhook/mapping';
import { newSecret } from '@/server/platform/ids';
import type { Sealer, SealOwner } from '@/server/platform/seal';
import type { UserContext } from '../context';

export type HookRow = typeof webhooks.$inferSelect;

export const HOOKS_MAX = 50;

/** A hook as answers show it. */
export function toWebhook({ userId: _user, sealedSecret: _secret, ...hook }: HookRow): Webhook {
  return hook;
}

/** One of the actor's own hooks, deleted ones too; anybody else's reads as not found. */
export async function findOwnHook(ctx: UserContext, hookId: string): Promise<HookRow> {
  const [row] = await ctx.database.db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.id, hookId), eq(webhooks.userId, ctx.actor.userId)))
    .limit(1);
  if (row === undefined)
    throw new DeskError('not_found', 'There is no such hook. List your hooks to see their ids.');
  return row;
}

/** Changes one of the actor's own hooks that is not deleted. Errors: `not_found`. */
export async function changeHook(
  ctx: UserContext,
  hookId: string,
  change: (row: HookRow) => Partial<HookRow>,
): Promise<Webhook> {
  const row = await findOwnHook(ctx, hookId);
  if (row.deletedAt !== null) throw new DeskError('not_found', 'This hook was deleted. Make a new one.');
  const set = change(row);
  if (Object.keys(set).length === 0) return toWebhook(row);
  const mine = and(eq(webhooks.id, hookId), isNull(webhooks.deletedAt));
  const [changed] = await ctx.database.write((db) => db.update(webhooks).set(set).where(mine).returning());
  return toWebhook(changed ?? row);
}

export async function countHooks(db: Db, userId: string): Promise<number> {
  const [row] = await db
    .select({ hooks: count() })
    .from(webhooks)
    .where(and(eq(webhooks.userId, userId), isNull(webhooks.deletedAt)));
  return row?.hooks ?? 0;
}

/** Errors: `invalid_input`, with the fields of the mapping that are wrong. */
export function refuseFaultyMapping(mapping: string | null | undefined): void {
  if (mapping === null || mapping === undefined) return;
  const faults = mappingFaults(mapping);
  if (faults.length > 0) throw new AlertFieldsError(faults);
}

/** Names the fields of an alert as its sender spells them. */
export class AlertFieldsError extends DeskError {
  constructor(fields: FieldError[]) {
    super('invalid_input', fields.map(({ field, message }) => `${field}: ${message}`).join('; '), { fields });
  }
}

type Named = Pick<HookRow, 'id' | 'userId'>;

const ownerOf = ({ id, userId }: Named): SealOwner => ({
  userId,
  recordId: id,
  field: 'webhooks.sealed_secret',
});

/** A new secret: for its owner to see once, and sealed for the books. */
export function makeSecret(sealer: Sealer, hook: Named): { secret: string; sealedSecret: string } {
  const secret = `${SECRET_PREFIX}${newSecret()}`;
  return { secret, sealedSecret: sealer.seal(secret, ownerOf(hook)) };
}

/** Null for a deleted hook. Throws when the envelope belongs to another hook or key. */
export function openSecret(sealer: Sealer, hook: HookRow): string | null {
  return hook.sealedSecret === null ? null : sealer.open(hook.sealedSecret, ownerOf(hook));
}
