import { eq } from 'drizzle-orm';
import { connections } from '@/db/schema';
import type { Connection } from '@/domain/account/connection';
import type { ServiceContext, UserContext } from '../context';
import { type AccountRecord, accountRecords, isBehindGateway, isLive } from '../accounts/account-record';
import { armedUntil } from '../accounts/live-stop';

export function toConnection(ctx: ServiceContext, account: AccountRecord): Connection {
  const { id, name, kind, isDefault, createdAt } = account;
  const live = isLive(account)
    ? {
        accountNumber: account.accountNumber,
        isTradingOn: ctx.liveTrading,
        armedUntil: ctx.liveTrading ? armedUntil(ctx, account) : null,
      }
    : null;
  const gateway = isBehindGateway(account) ? { accountNumber: account.accountNumber } : null;
  return { id, name, kind, isDefault, createdAt, keysRefusedSince: ctx.keys.since(id), gateway, live };
}

/** The actor's accounts and how they are reached, the oldest first, and whether live ones may be added. */
export async function listConnections(ctx: UserContext) {
  const records = await accountRecords(ctx.database.db, eq(connections.userId, ctx.actor.userId));
  return {
    connections: records.map((record) => toConnection(ctx, record)),
    liveTrading: ctx.liveTrading,
    gateway: ctx.hasGateway,
    most: CONNECTIONS_MAX,
  };
}

/** So many a user: each holds sockets to its broker. */
export const CONNECTIONS_MAX = 5;
