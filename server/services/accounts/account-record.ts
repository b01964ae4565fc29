import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { prepared } from '@/db/prepared';
import { connections, gatewayConnections, liveConnections, paperConnections } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { SubmitContext, UserContext } from '../context';

type Common = Omit<typeof connections.$inferSelect, 'kind' | 'removedAt'>;
/** An account that moves no real money, with its sealed keys. */
export type PaperRecord = Common & Pick<typeof paperConnections.$inferSelect, 'kind' | 'sealedCredentials'>;
/** An account where real money is traded, with its sealed keys; another type, out of another table. */
export type LiveRecord = Common &
  Pick<typeof liveConnections.$inferSelect, 'kind' | 'sealedCredentials' | 'accountNumber' | 'armedUntil'>;
/** A paper account behind the desk's gateway of Interactive Brokers; it has no keys. */
export type GatewayRecord = Common & Pick<typeof gatewayConnections.$inferSelect, 'kind' | 'accountNumber'>;
export type AccountRecord = PaperRecord | GatewayRecord | LiveRecord;

const authorized: unique symbol = Symbol('authorized');
/** An account the actor may use; only `authorizeAccount` makes one. */
export type AuthorizedAccount = AccountRecord & { readonly [authorized]: true };

export const isLive = (account: AccountRecord): account is LiveRecord => account.kind === 'alpaca-live';

export const isBehindGateway = (account: AccountRecord): account is GatewayRecord =>
  account.kind === 'ibkr-paper';

/**
 * Whether an account's orders leave by the desk alone and never by a worker: of a live one, so that disarming stops
 * them in one process; of one behind a gateway, because its socket and the numbers of its orders are one process's.
 */
export const leavesByDeskAlone = (account: AccountRecord): account is LiveRecord | GatewayRecord =>
  isLive(account) || isBehindGateway(account);

/** The statement of `accountRecords`, for a batch; `toRecords` reads its answer. */
export const selectAccounts = (db: Db, where: SQL | undefined) =>
  db
    .select({
      account: connections,
      paper: paperConnections,
      gateway: gatewayConnections,
      live: liveConnections,
    })
    .from(connections)
    .leftJoin(paperConnections, eq(paperConnections.accountId, connections.id))
    .leftJoin(gatewayConnections, eq(gatewayConnections.accountId, connections.id))
    .leftJoin(liveConnections, eq(liveConnections.accountId, connections.id))
    .where(where)
    .orderBy(asc(connections.createdAt));

/** Accounts and how they are reached, the oldest first. One that was removed is never among them. */
export const accountRecords = async (db: Db, where?: SQL): Promise<AccountRecord[]> =>
  toRecords(await selectAccounts(db, where));

export const toRecords = (rows: Awaited<ReturnType<typeof selectAccounts>>): AccountRecord[] =>
  rows.flatMap(
    ({ account: { kind: _kind, removedAt, ...account }, paper, gateway, live }): AccountRecord[] => {
      if (removedAt !== null) return [];
      if (paper !== null)
        return [{ ...account, kind: paper.kind, sealedCredentials: paper.sealedCredentials }];
      if (gateway !== null) return [{ ...account, kind: gateway.kind, accountNumber: gateway.accountNumber }];
      if (live === null) return [];
      const { kind, sealedCredentials, accountNumber, armedUntil } = live;
      return [{ ...account, kind, sealedCredentials, accountNumber, armedUntil }];
    },
  );

const ownBy = (which: SQL) =>
  prepared((db) =>
    selectAccounts(db, and(eq(connections.userId, sql.placeholder('userId')), which)).prepare(),
  );
const ownDefault = ownBy(eq(connections.isDefault, true));
const ownById = ownBy(eq(connections.id, sql.placeholder('id')));

/**
 * The actor's own account, by id or the default one, which is never a live one. Another user's id reads as not
 * found, exactly like one that does not exist; to a hook, every account but its own does.
 */
export async function authorizeAccount(ctx: SubmitContext, accountId?: string): Promise<AuthorizedAccount> {
  const { actor } = ctx;
  // A hook means its own account when it names none, be it a live one: it was made for that account by its id.
  const wanted = actor.kind === 'webhook' && accountId === undefined ? actor.accountId : accountId;
  const isOthers = actor.kind === 'webhook' && wanted !== actor.accountId;
  const query = (wanted === undefined ? ownDefault : ownById)(ctx.database.db);
  const found = isOthers ? [] : toRecords(await query.all({ userId: actor.userId, id: wanted }));
  const record = wanted === undefined ? found.find((account) => !isLive(account)) : found[0];
  if (record === undefined)
    throw new DeskError('not_found', 'There is no such account. List your accounts to see their ids.');
  return { ...record, [authorized]: true };
}

/** All of the actor's accounts. */
export function ownAccounts(ctx: UserContext): Promise<AccountRecord[]> {
  return accountRecords(ctx.database.db, eq(connections.userId, ctx.actor.userId));
}

/** Anyone's account, for what reaches beyond one's own; the caller's right is checked before. Errors: `not_found`. */
export async function anyAccount(
  ctx: Pick<UserContext, 'database'>,
  accountId: string,
): Promise<AccountRecord> {
  const [account] = await accountRecords(ctx.database.db, eq(connections.id, accountId));
  if (account === undefined) throw new DeskError('not_found', 'There is no such account.');
  return account;
}

/** The context of an account's owner, for what the desk does to the account on a risk officer's word. */
export function ownerContext(ctx: UserContext, account: AccountRecord): UserContext {
  const { sessionId } = ctx.actor;
  return { ...ctx, actor: { kind: 'user', userId: account.userId, sessionId, role: 'trader' } };
}
