import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Random } from '../random';
import type { Terms } from '../senders/sender';
import { until } from '../until';
import type { Fault, World } from './fault';

const SYMBOLS = ['AAPL', 'MSFT', 'SPY', 'NVDA', 'AMZN'] as const;
export const POST = { method: 'POST', route: '/v2/orders' };
export const PATCH = { method: 'PATCH', route: '/v2/orders' };
export const DELETE = { method: 'DELETE', route: '/v2/orders' };

export const market = (random: Random, qty = String(random.whole(1, 9))): Terms => ({
  symbol: random.pick(SYMBOLS),
  side: 'buy',
  qty,
  limitPrice: null,
});
/** Far from the market: it works until it is cancelled. */
export const far = (random: Random): Terms => ({ ...market(random), limitPrice: String(random.whole(1, 5)) });

/** Orders of several kinds, one after another, some cancelled and some changed. */
export async function mixedLoad(world: World, name: string): Promise<void> {
  const { sender, random } = world;
  await sender.submit(`${name}-market`, market(random));
  const working = await sender.submit(`${name}-far`, far(random));
  const other = await sender.submit(`${name}-other`, far(random));
  await sender.submit(`${name}-more`, random.next() < 0.5 ? market(random) : far(random));
  await whenKnown(world, [working, other]);
  if (working !== null) await sender.cancel(working);
  if (other !== null)
    await sender.replace(`${name}-changed`, other, { limitPrice: String(random.whole(6, 9)) });
}

/** Waits until the venue's ids of these orders are known, within reason. */
export async function whenKnown({ sender }: World, handles: readonly (string | null)[]): Promise<void> {
  for (const handle of handles) {
    for (let tries = 0; handle !== null && tries < 400; tries += 1) {
      if ((await sender.venueId(handle)) !== null) break;
      await pause(25);
    }
  }
  // A change of an order that is still pending is refused: let the venue begin to work it.
  await pause(150);
}

/** One request of the load, drawn from the seed, meets the fault; the rest go through. */
export function oneAnswer(fault: object): Fault['run'] {
  return async (world) => {
    await world.strike({ kind: 'http', ...fault, match: POST, skip: world.random.whole(0, 3), count: 1 });
    await mixedLoad(world, 'load');
  };
}

/** Far from the market and known at the venue. */
export async function working(world: World, name: string): Promise<string> {
  const handle = await world.sender.submit(name, { ...far(world.random), qty: '10' });
  if (handle === null) throw new Error('a far order was refused');
  await whenKnown(world, [handle]);
  return handle;
}

const reconciliation = z.looseObject({ compared_at: z.string().nullable() });

/** Whether the desk opened the account's books in time; a naive sender has none to open. */
export async function booksOpened({ rest }: World): Promise<boolean> {
  if (rest === null) return true;
  const isOpen = async () =>
    reconciliation.parse((await rest('GET', '/reconciliation')).json).compared_at !== null;
  return until(isOpen, 20_000);
}
