import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ChaosDesk } from './desk';
import type { Fault, Problems, World } from './faults/fault';
import { mixedLoad } from './faults/load';
import { createRandom, type Random } from './random';
import { type NaiveSender, type NaiveWay, startNaive } from './senders/naive-sender';
import { newSubject, problemsOf, type Subject, untilQuiet } from './subject';

/** A naive sender mends nothing: what it has not heard by then it never will. */
const NAIVE_WAIT_MS = 1_200;
const setFault = z.looseObject({ id: z.string() });
const faultList = z.array(z.looseObject({ id: z.string(), fired: z.number() }));

function worldOf(desk: ChaosDesk, subject: Subject, random: Random, crash: World['crash']): World {
  const set: string[] = [];
  return {
    ...subject,
    desk,
    random,
    crash,
    async strike({ match, ...fault }) {
      const body = { ...fault, match: { ...match, account: subject.keyId } };
      set.push(setFault.parse(await desk.control('POST', 'faults', body)).id);
    },
    async clear() {
      for (const id of set.splice(0)) await desk.control('DELETE', `faults/${id}`);
    },
    async fired() {
      const all = faultList.parse(await desk.control('GET', 'faults'));
      return all.filter(({ id }) => set.includes(id)).reduce((sum, { fired }) => sum + fired, 0);
    },
    control: (method, path, body) => desk.control(method, path, body),
  };
}

const randomOf = (fault: Fault, seed: number): Random =>
  createRandom(seed * 1_000 + Number(fault.id.replaceAll(/\D/g, '')));

const noCrash = () => Promise.resolve();

/** The desk under a fault; answers with what differs from the truth when all is quiet, and the account. */
export async function deskCase(desk: ChaosDesk, fault: Fault, seed: number): Promise<[Problems, Subject]> {
  const subject = await newSubject(desk, `${fault.id}-${seed}`);
  const world = worldOf(desk, subject, randomOf(fault, seed), async (killsInStart = []) => {
    await desk.kill();
    for (const afterMs of killsInStart) await desk.startAndKill(afterMs);
    await desk.start();
  });
  const found = (await fault.run(world)) ?? [];
  await world.clear();
  return [[...found, ...(await untilQuiet(desk, subject))], subject];
}

/** The control under the same load and fault: a naive sender, or a naive form of the same part; what was found. */
export async function controlCase(desk: ChaosDesk, fault: Fault, seed: number): Promise<Problems> {
  if (fault.control === undefined) return naiveCase(desk, fault, seed);
  const subject = await newSubject(desk, `${fault.id}-${seed}-control`);
  const world = worldOf(desk, subject, randomOf(fault, seed), noCrash);
  const found = await fault.control(world);
  await world.clear();
  return found;
}

async function naiveCase(desk: ChaosDesk, fault: Fault, seed: number): Promise<Problems> {
  const sender = await startNaive(desk, fault.naive, fault.naivePolls === true);
  const subject = naiveSubject(sender);
  const world = worldOf(desk, subject, randomOf(fault, seed), noCrash);
  try {
    await fault.run(world);
    await pause(NAIVE_WAIT_MS);
    return await problemsOf(desk, subject);
  } finally {
    await world.clear();
    sender.close();
  }
}

const naiveSubject = (sender: NaiveSender): Subject => ({
  name: 'naive',
  sender,
  keyId: sender.keyId,
  outside: [],
  disputed: [],
  rest: null,
  authorization: null,
});

/** A naive sender without any fault: the oracle must find nothing, or its verdicts would mean nothing. */
export async function baseline(desk: ChaosDesk, way: NaiveWay, seed: number): Promise<string[]> {
  const sender = await startNaive(desk, way, false);
  const subject = naiveSubject(sender);
  await mixedLoad(worldOf(desk, subject, createRandom(seed), noCrash), 'load');
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
  const world = worldOf(desk, subject, random, noCrash);
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
