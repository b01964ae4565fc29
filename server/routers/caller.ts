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

/** The signed-in user of the page being rendered, or null. Pages ask it themselves: no proxy stands guard. */
export async function currentUser(): Promise<User | null> {
  const incoming = await headers();
  const desk = getContainer();
  const who = await desk.authenticator.authenticate({ cookie: incoming.get('cookie') ?? undefined });
  try {
    return await callerOf(createContext(desk, randomUUID(), who)).auth.me();
  } catch (error) {
    if (error instanceof TRPCError && publicError(error).code === 'unauthenticated') return null;
    throw error;
  }
}
