import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import { DeskError } from '@/domain/errors';
import type { User } from '@/domain/user';
import { getContainer } from '@/server/running';
import { getUser } from '@/server/services/users/get-user';
import { createContext } from './create-context';

/** The signed-in user of the page being rendered, or null. Pages ask it themselves: no proxy stands guard. */
export async function currentUser(): Promise<User | null> {
  const incoming = await headers();
  const desk = getContainer();
  const who = await desk.authenticator.authenticate({ cookie: incoming.get('cookie') ?? undefined });
  if (who === null) return null;
  const { services } = createContext(desk, randomUUID(), who);
  try {
    return await getUser({ ...services, actor: who.actor });
  } catch (error) {
    if (error instanceof DeskError && error.code === 'unauthenticated') return null;
    throw error;
  }
}
