import { eq, or } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { connections, paperConnections, users, watchlists } from '@/db/schema';
import { ROLE_PERMISSIONS } from '@/domain/actor';
import { DeskError } from '@/domain/errors';
import type { RegisterInput, User } from '@/domain/user';
import { FIRST_WATCHLIST } from '@/domain/market/watchlist';
import { newId } from '@/server/platform/ids';
import { newPaperAccount } from '../accounts/new-account';
import type { ServiceContext } from '../context';

type NewUser = Omit<RegisterInput, 'password'> & { passwordHash: string };

/**
 * A user with a first account and watchlist, in one transaction. With Alpaca keys the account is theirs on
 * Alpaca paper; without, one on the exchange in the box. The first user of a desk is its admin.
 * Errors: `conflict` when the e-mail or username is taken.
 */
export async function createUser(ctx: ServiceContext, input: NewUser): Promise<User> {
  const at = ctx.clock.iso();
  const userId = newId('usr', ctx.clock.now());
  const { account, keys } = await firstAccount(ctx, userId, input);
  const created = await ctx.database.write(async (db) => {
    const usernameKey = input.username.toLowerCase();
    await refuseTaken(db, input.email, usernameKey);
    const isFirst = (await db.select({ id: users.id }).from(users).limit(1)).length === 0;
    const user = {
      id: userId,
      email: input.email,
      username: input.username,
      usernameKey,
      passwordHash: input.passwordHash,
      fullName: input.fullName ?? null,
      role: isFirst ? ('admin' as const) : ('trader' as const),
      createdAt: at,
    };
    const list = {
      id: newId('wl', ctx.clock.now()),
      userId,
      name: 'Watchlist',
      symbols: FIRST_WATCHLIST,
      createdAt: at,
    };
    await db.batch([
      db.insert(users).values(user),
      db.insert(connections).values({ ...account, isDefault: true }),
      db.insert(paperConnections).values(keys),
      db.insert(watchlists).values(list),
    ]);
    return toUser(user);
  });
  // The books are opened at what the account holds before anything is traded here.
  ctx.books.follow({ ...account, ...keys, isDefault: true });
  return created;
}

async function refuseTaken(db: Db, email: string, usernameKey: string): Promise<void> {
  const rows = await db
    .select({ email: users.email, usernameKey: users.usernameKey })
    .from(users)
    .where(or(eq(users.email, email), eq(users.usernameKey, usernameKey)));
  if (rows.length === 0) return;
  const fields = [
    ...(rows.some((row) => row.email === email) ? ['email'] : []),
    ...(rows.some((row) => row.usernameKey === usernameKey) ? ['username'] : []),
  ];
  throw new DeskError('conflict', `This ${fields.join(' and ')} is taken. Sign in, or choose another one.`, {
    fields: fields.map((field) => ({ field, message: 'is taken' })),
  });
}

async function firstAccount(ctx: ServiceContext, userId: string, input: NewUser) {
  const { alpacaApiKey: keyId, alpacaSecretKey: secretKey } = input;
  if (keyId === undefined || secretKey === undefined)
    return newPaperAccount(ctx, { userId, name: 'Simulated', keys: null });
  if (!input.alpacaPaperTrading) {
    throw new DeskError(
      'invalid_input',
      'A live account is not what one signs up with: register with paper keys or none, then add it under Accounts.',
      { fields: [{ field: 'alpacaPaperTrading', message: 'must be true; live accounts are added later' }] },
    );
  }
  return newPaperAccount(ctx, { userId, name: 'Alpaca paper', keys: { scope: 'paper', keyId, secretKey } });
}

type UserRow = Pick<typeof users.$inferSelect, 'id' | 'email' | 'username' | 'fullName' | 'role'>;

/** A user as answers show it; the password hash stays behind. */
export function toUser(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    fullName: row.fullName,
    role: row.role,
    permissions: [...ROLE_PERMISSIONS[row.role]],
  };
}
