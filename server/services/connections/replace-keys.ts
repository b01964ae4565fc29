import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { liveConnections, paperConnections } from '@/db/schema';
import type { Connection } from '@/domain/account/connection';
import { DeskError } from '@/domain/errors';
import {
  type AccountRecord,
  authorizeAccount,
  isBehindGateway,
  isLive,
  type LiveRecord,
  type PaperRecord,
} from '../accounts/account-record';
import { sealKeys } from '../accounts/credentials';
import { refuseLiveOff } from '../accounts/live-stop';
import { comparisonOf } from '../books/comparison';
import type { UserContext } from '../context';
import { disarmAccount } from '../safety/disarm-live';
import { refuseStale, refuseStaleIfEnrolled } from '../security/fresh';
import { keyInput } from './add-connection';
import { toConnection } from './list-connections';

export const replaceKeysInput = z.strictObject({
  accountId: z.string().min(1).max(64),
  keyId: keyInput,
  secretKey: keyInput,
});
type Input = z.infer<typeof replaceKeysInput>;

/**
 * Gives an account new keys, which must open the account that its books are about; they are tried at the broker
 * first. A paused account goes on with them, and a live one is disarmed: another pair of keys was armed. Errors:
 * `not_found`, `invalid_input` for an account without keys of its owner's, `code_required`, `forbidden` as of adding a live one,
 * `conflict` for keys to another account, and the broker's.
 */
export async function replaceKeys(ctx: UserContext, input: Input): Promise<Connection> {
  const account = await authorizeAccount(ctx, input.accountId);
  if (isBehindGateway(account) || account.kind === 'simulated') {
    const message = isBehindGateway(account)
      ? 'is behind a gateway, which asks for no keys'
      : 'is a simulated account, whose keys the desk holds';
    throw new DeskError('invalid_input', `accountId: ${message}`, {
      fields: [{ field: 'accountId', message }],
    });
  }
  if (isLive(account)) {
    refuseLiveOff(ctx);
    await refuseStale(ctx);
  } else await refuseStaleIfEnrolled(ctx);
  const sealedCredentials = await tried(ctx, account, input);
  await disarmAccount(ctx, account);
  const table = isLive(account) ? liveConnections : paperConnections;
  const isThere = and(eq(table.accountId, account.id), eq(table.kind, account.kind));
  const { rowsAffected } = await ctx.database.write((db) =>
    db.update(table).set({ sealedCredentials }).where(isThere),
  );
  if (rowsAffected === 0) throw new DeskError('not_found', 'This account was removed meanwhile.');
  ctx.log.info({ accountId: account.id, userId: account.userId }, 'the keys of an account were replaced');
  const renewed = await authorizeAccount(ctx, account.id);
  await ctx.renewAccount(renewed);
  return toConnection(ctx, renewed);
}

/** The new keys, sealed, when they open the same account at the broker. */
async function tried(ctx: UserContext, account: LiveRecord | PaperRecord, input: Input): Promise<string> {
  const pair = { keyId: input.keyId, secretKey: input.secretKey };
  const live = { scope: 'live' as const, ...pair };
  const paper = { scope: 'paper' as const, ...pair };
  const session = isLive(account) ? ctx.sessions.live(live) : ctx.sessions.paper(account.kind, paper);
  const { accountNumber } = await session.execution.account();
  const known = await knownNumber(ctx, account);
  if (known !== null && known !== accountNumber) {
    throw new DeskError(
      'conflict',
      `These keys open the account ${accountNumber}; the books here are about ${known}. Add it as another account.`,
    );
  }
  return sealKeys(ctx.sealer, account, isLive(account) ? live : paper);
}

async function knownNumber(ctx: UserContext, account: AccountRecord): Promise<string | null> {
  if (isLive(account)) return account.accountNumber;
  return (await comparisonOf(ctx, account.id))?.accountNumber ?? null;
}
