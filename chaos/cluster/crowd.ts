import { z } from 'zod';
import { far, POST } from '../faults/load';
import type { Problems, World } from '../faults/fault';
import { newSubject, type Subject, untilQuiet } from '../subject';

/** Leases lapse, and what is in doubt is looked up, over tens of seconds on a busy machine. */
const QUIET_LIMIT_MS = 120_000;

/** An order of a crowd, by the id that its owner chose. */
export type Sent = { subject: Subject; clientOrderId: string; handle: string | null };

/** Fresh accounts of one desk: each leaves by itself. */
export const gather = ({ desk }: World, name: string, size: number): Promise<Subject[]> =>
  Promise.all(Array.from({ length: size }, () => newSubject(desk, name)));

/** Each account sends one order of this name; resolves when the desk has answered all. */
export const submitAll = ({ random }: World, subjects: readonly Subject[], name: string): Promise<Sent[]> =>
  Promise.all(
    subjects.map(async (subject, nth) => {
      const clientOrderId = `${name}-${nth}`;
      const handle = await subject.sender.submit(clientOrderId, { ...far(random), clientOrderId });
      return { subject, clientOrderId, handle };
    }),
  );

/** What differs from the venue's journal, in any of these accounts, when all is quiet. */
export async function quietOf({ desk }: World, subjects: Iterable<Subject>): Promise<Problems> {
  const deadline = performance.now() + QUIET_LIMIT_MS;
  const problems: Problems = [];
  // One after another: looking at all of them at once would keep the desk from its work.
  for (const each of subjects) {
    const left = Math.max(deadline - performance.now(), 0);
    problems.push(...(await untilQuiet(desk, each, left)));
  }
  return problems;
}

const setFault = z.looseObject({ id: z.string() });
const faultList = z.array(z.looseObject({ id: z.string(), seen: z.number() }));

/** Sets a fault of the exchange; answers with how to ask how often it met what it is for. */
export async function strike(world: World, fault: object): Promise<() => Promise<number>> {
  const { id } = setFault.parse(await world.control('POST', 'faults', fault));
  return async () =>
    faultList.parse(await world.control('GET', 'faults')).find((each) => each.id === id)?.seen ?? 0;
}

/** A fault at calls that send orders whose ids begin so. */
export const strikePosts = (world: World, prefix: string, fault: object): Promise<() => Promise<number>> =>
  strike(world, { kind: 'http', ...fault, match: { ...POST, client_order_id_prefix: prefix } });

/** From now on counts how often the venue was asked to take the order of this id, before any fault set later. */
export const countPosts = (world: World, clientOrderId: string): Promise<() => Promise<number>> =>
  strikePosts(world, clientOrderId, { phase: 'before', action: 'status', skip: 1_000_000 });
