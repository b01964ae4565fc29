import { z } from 'zod';
import { webhooks } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import { hookName, type Webhook } from '@/domain/webhook/hook';
import { hookLimits, NO_HOOK_LIMITS } from '@/domain/webhook/hook-limits';
import { MAPPING_MAX } from '@/domain/webhook/mapping';
import { newId } from '@/server/platform/ids';
import { authorizeAccount, isLive } from '../accounts/account-record';
import type { UserContext } from '../context';
import { refuseStale } from '../security/fresh';
import { countHooks, HOOKS_MAX, makeSecret, refuseFaultyMapping, toWebhook } from './hook-record';

export const createHookInput = z.strictObject({
  accountId: z.string().max(64).optional().describe('the default account when left out'),
  name: hookName,
  limits: hookLimits.default(NO_HOOK_LIMITS),
  mapping: z.string().max(MAPPING_MAX).nullable().default(null),
});

/** Makes a hook for one of the actor's accounts; for a live one that takes a fresh second factor. Its secret is in this answer and in no other. */
export async function createHook(
  ctx: UserContext,
  input: z.infer<typeof createHookInput>,
): Promise<{ webhook: Webhook; secret: string }> {
  const account = await authorizeAccount(ctx, input.accountId);
  if (isLive(account)) await refuseStale(ctx);
  refuseFaultyMapping(input.mapping);
  const named = { id: newId('whk', ctx.clock.now()), userId: ctx.actor.userId };
  const { secret, sealedSecret } = makeSecret(ctx.sealer, named);
  const row = {
    ...named,
    accountId: account.id,
    name: input.name,
    sealedSecret,
    enabled: true,
    limits: input.limits,
    mapping: input.mapping,
    createdAt: ctx.clock.iso(),
    rotatedAt: null,
    deletedAt: null,
  };
  await ctx.database.write(async (db) => {
    if ((await countHooks(db, named.userId)) >= HOOKS_MAX)
      throw new DeskError(
        'conflict',
        `You have ${HOOKS_MAX} hooks, the most there may be. Delete one first.`,
      );
    await db.insert(webhooks).values(row);
  });
  ctx.log.info({ hookId: row.id, accountId: account.id, userId: row.userId }, 'a webhook was made');
  return { webhook: toWebhook(row), secret };
}
