import { Queue } from 'bullmq';
import { z } from 'zod';
import { far } from '../faults/load';
import type { Problems, World } from '../faults/fault';
import { truthOf } from '../journal';
import { judge } from '../oracle';
import { restTerms } from '../senders/sender';
import { until } from '../until';
import { type Program, toRedis } from './programs';
import { launch, type SendingProcess, started } from './sending-process';

const account = z.looseObject({ key_id: z.string(), secret_key: z.string() });
const QUIET_LIMIT_MS = 60_000;
/** What was sent is in the journal by then. */
const LOOK_MS = 2_000;

export type NaiveTakes = 'list' | 'jobs' | 'keys' | 'all';

/** An account whose orders wait in a Redis and nowhere else, for naive processes that send them. */
export type NaiveLine = {
  /** Acknowledges an order and puts it where the processes take it from. */
  put(name: string): Promise<void>;
  start(code?: string): Promise<SendingProcess>;
  /** Whether every order that was acknowledged was sent by somebody; waits for it. */
  allSent(): Promise<boolean>;
  /** Waits until all that the processes still find is sent: what comes later is sent later. */
  settled(): Promise<void>;
  /** What differs from the venue's journal; looks a while, for the journal is a moment behind. */
  problems(): Promise<Problems>;
  end(): Promise<void>;
};

export async function openNaiveLine(world: World, redis: Program, takes: NaiveTakes): Promise<NaiveLine> {
  const keys = account.parse(await world.control('POST', 'accounts', {}));
  const own = `naive-${keys.key_id}`;
  const settings = {
    NAIVE_LINE: own,
    NAIVE_REDIS: redis.url,
    NAIVE_VENUE: world.desk.exchangeUrl,
    NAIVE_KEY: keys.key_id,
    NAIVE_SECRET: keys.secret_key,
    NAIVE_TAKES: takes,
  };
  // It answers for nothing: an order is acknowledged before Redis has answered, and whatever it answers.
  const client = toRedis(redis.url, { commandTimeout: 1_000 });
  const queue = takes === 'jobs' ? new Queue(own, { connection: client }) : null;
  queue?.on('error', () => undefined);
  const names: string[] = [];
  const processes: SendingProcess[] = [];
  /** Under which id each was sent; whoever says it last is believed. */
  const sent = new Map<string, string>();

  const putting: Record<NaiveTakes, (name: string, text: string) => Promise<unknown>> = {
    list: (_name, text) => client.rpush(`${own}:orders`, text),
    all: (_name, text) => client.rpush(`${own}:orders`, text),
    keys: (name, text) => client.set(`${own}:order:${name}`, text),
    jobs: (name, text) => Promise.resolve(queue?.add('send', JSON.parse(text), { jobId: name })),
  };

  const hear = (line: string) => {
    const [, name, id] = /^sent (\S+) as (\S+)$/.exec(line) ?? [];
    if (name !== undefined && id !== undefined) sent.set(name, id);
  };

  function found(): Problems {
    const orders = names.map((name) => ({
      clientOrderId: sent.get(name) ?? name,
      status: 'open',
      hasReason: false,
    }));
    const believed = {
      orders,
      fills: [],
      cash: null,
      ledgerCash: null,
      positions: null,
      unprotected: null,
      intents: names.map((name) => ({ name, clientOrderId: sent.get(name) ?? name })),
    };
    return judge(believed, truthOf(world.desk.journal(), keys.key_id));
  }

  const line: NaiveLine = {
    async put(name) {
      names.push(name);
      const text = JSON.stringify({ name, body: { ...restTerms(far(world.random)), time_in_force: 'day' } });
      await putting[takes](name, text).catch(() => undefined);
    },
    async start(code) {
      const args = ['--import', 'tsx', 'chaos/cluster/naive-worker.ts'];
      const sending = launch({ args, settings, ...(code === undefined ? {} : { code }), hear });
      processes.push(sending);
      return started(sending);
    },
    allSent: () => until(() => names.every((name) => sent.has(name)), QUIET_LIMIT_MS),
    async settled() {
      for (const last of ['last', 'very-last']) {
        await line.put(last);
        if (!(await until(() => sent.has(last), QUIET_LIMIT_MS)))
          throw new Error('no naive process sends any more');
      }
    },
    async problems() {
      await until(() => found().length === 0, LOOK_MS);
      return found();
    },
    async end() {
      await Promise.all(processes.splice(0).map((each) => each.end()));
      await queue?.close();
      client.disconnect();
    },
  };
  return line;
}

/** A control that first shows that its line is right without a fault, and what is found of it with one. */
export const withLine =
  (takes: NaiveTakes, work: (line: NaiveLine, world: World, redis: Program) => Promise<void>) =>
  async (world: World, { redis }: { redis: Program }): Promise<Problems> => {
    const line = await openNaiveLine(world, redis, takes);
    try {
      await work(line, world, redis);
      return await line.problems();
    } finally {
      await line.end();
    }
  };

/** Sends one order without a fault; throws when the line is found wrong of that, for then its control says nothing. */
export async function rightWithoutFault(line: NaiveLine): Promise<void> {
  await line.put('before');
  await line.allSent();
  const problems = await line.problems();
  if (problems.length > 0)
    throw new Error(`a naive line without a fault is found wrong: ${problems.join('; ')}`);
}
