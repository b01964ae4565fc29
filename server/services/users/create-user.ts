import { eq, or } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { connections, users, watchlists } from '@/db/schema';
import { ROLE_PERMISSIONS } from '@/domain/actor';
import { DeskError } from '@/domain/errors';
import type { RegisterInput, User } from '@/domain/user';
import { FIRST_WATCHLIST } from '@/domain/market/watchlist';
import { newId, newSecret } from '@/server/platform/ids';
import { sealCredentials } from '../accounts/credentials';
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
  const account = await firstAccount(ctx, userId, input);
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
      db.insert(connections).values({ ...account, createdAt: at }),
      db.insert(watchlists).values(list),
    ]);
    return toUser(user);
  });
  // The books are opened at what the account holds before anything is traded here.
  ctx.books.follow({ ...account, createdAt: at });
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
  const id = newId('acc', ctx.clock.now());
  const own = input.alpacaApiKey !== undefined && input.alpacaSecretKey !== undefined;
  if (own && !input.alpacaPaperTrading) {
    throw new DeskError(
      'invalid_input',
      'Live accounts are not open yet: this version trades the simulated exchange and Alpaca paper. Register with paper keys.',
      { fields: [{ field: 'alpacaPaperTrading', message: 'must be true in this version' }] },
    );
  }
  const keys =
    own && input.alpacaApiKey !== undefined && input.alpacaSecretKey !== undefined
      ? { keyId: input.alpacaApiKey, secretKey: input.alpacaSecretKey }
      : {
          keyId: `SIM${newSecret()
            .replaceAll(/[^A-Za-z0-9]/g, '')
            .slice(0, 17)
            .toUpperCase()}`,
          secretKey: newSecret(),
        };
  if (!own) await ctx.exchange.openAccount(keys);
  return {
    id,
    userId,
    name: own ? 'Alpaca paper' : 'Simulated',
    kind: own ? ('alpaca-paper' as const) : ('simulated' as const),
    sealedCredentials: sealCredentials(ctx.sealer, { id, userId }, keys),
    isDefault: true,
  };
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
