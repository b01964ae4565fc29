import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ChaosDesk } from './desk';
import { signUp } from './senders/desk-sender';
import { type Fault, mixedLoad, type World } from './faults';
import { keyIdOf, truthOf } from './journal';
import { type NaiveWay, startNaive } from './senders/naive-sender';
import { judge } from './oracle';
import { createRandom, type Random } from './random';
import type { Sender } from './senders/sender';

/** An account that was put through something, to be judged again at the end. */
export type Subject = { name: string; sender: Sender; keyId: string; outside: string[] };

/** The books must agree with the venue this long after the last fault was taken away. */
const QUIET_LIMIT_MS = 25_000;
/** A naive sender mends nothing: what it has not heard by then it never will. */
const NAIVE_WAIT_MS = 1_200;
const setFault = z.looseObject({ id: z.string() });

let made = 0;

/** A new user of the desk with an account of its own. */
export async function newSubject(desk: ChaosDesk, name: string): Promise<Subject> {
  made += 1;
  const sender = await signUp(desk, `chaos-${made}-${name.toLowerCase()}`);
  return { name, sender, keyId: keyIdOf(desk.journal(), sender.accountNumber), outside: [] };
}

function worldOf(desk: ChaosDesk, subject: Subject, random: Random, crash: World['crash']): World {
  const set: string[] = [];
  return {
    ...subject,
    random,
    crash,
    async strike({ match, ...fault }) {
      const body = { ...fault, match: { ...match, account: subject.keyId } };
      set.push(setFault.parse(await desk.control('POST', 'faults', body)).id);
    },
    async clear() {
      for (const id of set.splice(0)) await desk.control('DELETE', `faults/${id}`);
    },
    control: (method, path, body) => desk.control(method, path, body),
  };
}

export const problemsOf = async (desk: ChaosDesk, { sender, keyId, outside }: Subject): Promise<string[]> =>
  judge(await sender.books(), truthOf(desk.journal(), keyId), outside);

/** Looks until the books agree with the venue; answers with what still differs when the time is over. */
export async function untilQuiet(
  desk: ChaosDesk,
  subject: Subject,
  limitMs = QUIET_LIMIT_MS,
): Promise<string[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const problems = await problemsOf(desk, subject);
    if (problems.length === 0 || performance.now() > deadline) return problems;
    await pause(200);
  }
}

const randomOf = (fault: Fault, seed: number): Random =>
  createRandom(seed * 1_000 + Number(fault.id.replaceAll(/\D/g, '')));

/** The desk under a fault; answers with what differs from the truth when all is quiet. */
export async function deskCase(desk: ChaosDesk, fault: Fault, seed: number): Promise<[string[], Subject]> {
  const subject = await newSubject(desk, `${fault.id}-${seed}`);
  const world = worldOf(desk, subject, randomOf(fault, seed), async (killsInStart = []) => {
    await desk.kill();
    for (const afterMs of killsInStart) await desk.startAndKill(afterMs);
    await desk.start();
  });
  await fault.run(world);
  await world.clear();
  return [await untilQuiet(desk, subject), subject];
}

/** A naive sender under the same load and fault; answers with what the oracle found. */
export async function controlCase(desk: ChaosDesk, fault: Fault, seed: number): Promise<string[]> {
  const sender = await startNaive(desk, fault.naive, fault.naivePolls === true);
  const subject = { name: 'control', sender, keyId: sender.keyId, outside: [] };
  const world = worldOf(desk, subject, randomOf(fault, seed), () => Promise.resolve());
  try {
    await fault.run(world);
    await pause(NAIVE_WAIT_MS);
    return await problemsOf(desk, subject);
  } finally {
    await world.clear();
    sender.close();
  }
}

/** A naive sender without any fault: the oracle must find nothing, or its verdicts would mean nothing. */
export async function baseline(desk: ChaosDesk, way: NaiveWay, seed: number): Promise<string[]> {
  const sender = await startNaive(desk, way, false);
  const subject = { name: 'baseline', sender, keyId: sender.keyId, outside: [] };
  await mixedLoad(
    worldOf(desk, subject, createRandom(seed), () => Promise.resolve()),
    'load',
  );
  const problems = await untilQuiet(desk, subject, 5_000);
  sender.close();
  return problems;
}

/** One kill at a moment drawn from the seed, in the middle of a load whose callers ask again; the desk's or, every fifth time, the exchange's. */
export async function killCase(
  desk: ChaosDesk,
  subject: Subject,
  round: number,
  seed: number,
): Promise<string[]> {
  const random = createRandom(seed * 100_000 + round);
  const world = worldOf(desk, subject, random, () => Promise.resolve());
  const loads = ['a', 'b', 'c'].map((part) => mixedLoad(world, `kill-${round}-${part}`));
  const ended = Promise.all(loads);
  ended.catch(() => undefined);
  await pause(random.whole(0, 300));
  if (round % 5 !== 4 || !(await desk.killExchange())) {
    await desk.kill();
    await desk.start();
  }
  await ended;
  return untilQuiet(desk, subject);
}
