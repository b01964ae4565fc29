import { randomUUID } from 'node:crypto';
import { TRPCError } from '@trpc/server';
import { headers } from 'next/headers';
import type { User } from '@/domain/user';
import { getContainer } from '@/server/running';
import { createContext } from '@/server/trpc/create-context';
import { publicError } from '@/server/trpc/errors';
import { createCallerFactory } from '@/server/trpc/init';
import { appRouter } from './root';

const callerOf = createCallerFactory(appRouter);

/** The desk's procedures on behalf of whoever asked for the page being rendered. */
async function currentCaller() {
  const incoming = await headers();
  const desk = getContainer();
  const who = await desk.authenticator.authenticate({ cookie: incoming.get('cookie') ?? undefined });
  return callerOf(createContext(desk, randomUUID(), who));
}

/** The account that a page is about at first: the default one, which is never live. */
export async function defaultAccountId(): Promise<string | null> {
  const { accounts } = await (await currentCaller()).account.list();
  return accounts.find(({ isDefault }) => isDefault)?.id ?? null;
}

/** The signed-in user of the page being rendered, or null. Pages ask it themselves: no proxy stands guard. */
export async function currentUser(): Promise<User | null> {
  try {
    return await (await currentCaller()).auth.me();
  } catch (error) {
    if (error instanceof TRPCError && publicError(error).code === 'unauthenticated') return null;
    throw error;
  }
}
