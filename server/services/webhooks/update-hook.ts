import { z } from 'zod';
import { hookName, type Webhook } from '@/domain/webhook/hook';
import { hookLimits } from '@/domain/webhook/hook-limits';
import { MAPPING_MAX } from '@/domain/webhook/mapping';
import type { UserContext } from '../context';
import { isLive, ownAccounts } from '../accounts/account-record';
import { refuseStale } from '../security/fresh';
import { changeHook, findOwnHook, makeSecret, refuseFaultyMapping } from './hook-record';

export const hookIdInput = z.strictObject({ id: z.string().min(1).max(64) });

export const updateHookInput = hookIdInput.extend({
  name: hookName.optional(),
  enabled: z.boolean().optional(),
  limits: hookLimits.optional(),
  mapping: z.string().max(MAPPING_MAX).nullable().optional(),
});

/** Renames, enables or disables a hook, or changes what it may trade and how it reads alerts. */
export async function updateHook(
  ctx: UserContext,
  { id, ...change }: z.infer<typeof updateHookInput>,
): Promise<Webhook> {
  refuseFaultyMapping(change.mapping);
  // Turning it off must always be possible, and at once.
  if (change.enabled !== false) await refuseStaleForLive(ctx, id);
  const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const changed = await changeHook(ctx, id, () => set);
  ctx.log.info({ hookId: id, userId: ctx.actor.userId, fields: Object.keys(set) }, 'a webhook was changed');
  return changed;
}

/** A hook may move real money, so what it may do is changed with a fresh second factor only. */
async function refuseStaleForLive(ctx: UserContext, hookId: string): Promise<void> {
  const { accountId } = await findOwnHook(ctx, hookId);
  const account = (await ownAccounts(ctx)).find(({ id }) => id === accountId);
  if (account !== undefined && isLive(account)) await refuseStale(ctx);
}

/** Gives a hook a new secret, shown in this answer alone; the old one proves nothing from now on. */
export async function rotateHookSecret(
  ctx: UserContext,
  { id }: z.infer<typeof hookIdInput>,
): Promise<{ webhook: Webhook; secret: string }> {
  await refuseStaleForLive(ctx, id);
  const { secret, sealedSecret } = makeSecret(ctx.sealer, { id, userId: ctx.actor.userId });
  const webhook = await changeHook(ctx, id, () => ({ sealedSecret, rotatedAt: ctx.clock.iso() }));
  ctx.log.info({ hookId: id, userId: ctx.actor.userId }, "a webhook's secret was changed");
  return { webhook, secret };
}

/** Ends a hook for good: its secret is gone, its log and what its alert ids stood for stay. */
export async function deleteHook(ctx: UserContext, { id }: z.infer<typeof hookIdInput>): Promise<Webhook> {
  const webhook = await changeHook(ctx, id, () => ({
    sealedSecret: null,
    enabled: false,
    deletedAt: ctx.clock.iso(),
  }));
  ctx.log.info({ hookId: id, userId: ctx.actor.userId }, 'a webhook was deleted');
  return webhook;
}
