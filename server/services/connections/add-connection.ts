import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '@/db/client';
import { connections, liveConnections, paperConnections } from '@/db/schema';
import { type Connection, connectionName } from '@/domain/account/connection';
import { DeskError } from '@/domain/errors';
import type { BrokerSession } from '@/server/brokers/ports';
import { newId } from '@/server/platform/ids';
import type { UserContext } from '../context';
import { refuseStale, refuseStaleIfEnrolled } from '../security/fresh';
import { type AccountRecord, accountRecords, isLive } from '../accounts/account-record';
import { sealKeys } from '../accounts/credentials';
import { CONNECTIONS_MAX, toConnection } from './list-connections';
import { refuseLiveOff } from '../accounts/live-stop';
import { newPaperAccount } from '../accounts/new-account';

export const keyInput = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,128}$/, 'has 8 to 128 letters, digits and signs');

/** With both keys the account is the caller's own on Alpaca paper; with none, a new one on the exchange in the box. */
export const addPaperInput = z
  .strictObject({ name: connectionName, keyId: keyInput.optional(), secretKey: keyInput.optional() })
  .superRefine((input, issue) => {
    if ((input.keyId === undefined) !== (input.secretKey === undefined))
      issue.addIssue({ code: 'custom', path: ['secretKey'], message: 'and the key id belong together' });
  });

export const addLiveInput = z.strictObject({ name: connectionName, keyId: keyInput, secretKey: keyInput });

/**
 * Adds an account that moves no real money; keys are tried at the broker first. Errors: `conflict` when there are
 * too many, `code_required`, and the broker's.
 */
export async function addPaper(ctx: UserContext, input: z.infer<typeof addPaperInput>): Promise<Connection> {
  await refuseStaleIfEnrolled(ctx);
  const { name, keyId, secretKey } = input;
  const own =
    keyId === undefined || secretKey === undefined ? null : { scope: 'paper' as const, keyId, secretKey };
  if (own !== null) await tryKeys(ctx.sessions.paper('alpaca-paper', own));
  await refuseTooMany(ctx, ctx.database.db);
  const { account, keys } = await newPaperAccount(ctx, { userId: ctx.actor.userId, name, keys: own });
  await ctx.database.write(async (db) => {
    await refuseTooMany(ctx, db);
    await db.batch([
      db.insert(connections).values({ ...account, isDefault: false }),
      db.insert(paperConnections).values(keys),
    ]);
  });
  return taken(ctx, account.id);
}

/**
 * Adds an account where real money is traded, disarmed. Its keys are tried at the live broker alone. Errors:
 * `forbidden` while live trading is off or without a second factor, `code_required`, `conflict`, and the broker's.
 */
export async function addLive(ctx: UserContext, input: z.infer<typeof addLiveInput>): Promise<Connection> {
  refuseLiveOff(ctx);
  await refuseStale(ctx);
  const { name, keyId, secretKey } = input;
  const keys = { scope: 'live' as const, keyId, secretKey };
  const { accountNumber } = await tryKeys(ctx.sessions.live(keys));
  const { userId } = ctx.actor;
  const id = newId('acc', ctx.clock.now());
  const kind = 'alpaca-live' as const;
  const sealedCredentials = sealKeys(ctx.sealer, { id, userId }, keys);
  await ctx.database.write(async (db) => {
    const others = await refuseTooMany(ctx, db);
    if (others.some((other) => isLive(other) && other.accountNumber === accountNumber))
      throw new DeskError('conflict', `You have added the live account ${accountNumber} already.`);
    const account = { id, userId, name, kind, isDefault: false, createdAt: ctx.clock.iso() };
    await db.batch([
      db.insert(connections).values(account),
      db
        .insert(liveConnections)
        .values({ accountId: id, kind, sealedCredentials, accountNumber, armedUntil: null }),
    ]);
  });
  return taken(ctx, id);
}

async function tryKeys(session: BrokerSession): Promise<{ accountNumber: string }> {
  return session.execution.account();
}

export async function refuseTooMany(ctx: UserContext, db: Db): Promise<AccountRecord[]> {
  const own = and(eq(connections.userId, ctx.actor.userId), isNull(connections.removedAt));
  const found = await accountRecords(db, own);
  if (found.length < CONNECTIONS_MAX) return found;
  throw new DeskError(
    'conflict',
    `You have ${CONNECTIONS_MAX} accounts, the most there may be. Remove one first.`,
  );
}

/** The books are opened at what the account holds before anything is traded here. */
export async function taken(ctx: UserContext, id: string): Promise<Connection> {
  const [account] = await accountRecords(ctx.database.db, eq(connections.id, id));
  if (account === undefined) throw new Error(`account ${id} was not written`);
  ctx.log.info({ accountId: id, userId: account.userId, kind: account.kind }, 'an account was added');
  ctx.watchOrders(account);
  return toConnection(ctx, account);
}
