import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { BenchDesk } from '../desk';

const page = z.object({ orders: z.array(z.unknown()) });
const profile = z.object({ blocked: z.string().nullable() });
const POLL_MS = 10;

/**
 * The kill switch of an account with many working orders: how long until nothing new passes, and until the venue
 * has cancelled them all, by what the desk shows.
 */
export async function benchKill(
  { url }: Pick<BenchDesk, 'url'>,
  { auth, working }: { auth: { authorization: string }; working: number },
  print: (line: string) => void,
): Promise<void> {
  const read = async (path: string): Promise<unknown> =>
    (await fetch(`${url}/api/v1/${path}`, { headers: auth })).json();
  const isEmpty = async () => page.parse(await read('orders?status=open&limit=1')).orders.length === 0;
  const isBlocked = async () => profile.parse(await read('risk/profile')).blocked !== null;
  const start = performance.now();
  const since = async (isDone: () => Promise<boolean>): Promise<string> => {
    while (!(await isDone())) await pause(POLL_MS);
    return `${(performance.now() - start).toFixed(0)} ms`;
  };
  const pulled = fetch(`${url}/api/v1/risk/kill`, {
    method: 'POST',
    headers: { ...auth, 'content-type': 'application/json' },
    body: '{}',
  });
  const [blocked, cancelled] = await Promise.all([since(isBlocked), since(isEmpty)]);
  print(
    `kill switch with ${working} working orders: blocked after ${blocked}, all cancelled after ${cancelled}`,
  );
  await pulled;
}
