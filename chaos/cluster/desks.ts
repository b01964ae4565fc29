import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type ChaosDesk, openDesk } from '../desk';
import type { Fault, Problems, World } from '../faults/fault';
import { far, market, mixedLoad, POST } from '../faults/load';
import { awayFrom } from '../machine/venues';
import { signUp } from '../senders/desk-sender';
import { untilQuiet } from '../subject';
import { endedWithin, until } from '../until';
import { inCluster } from './cluster';
import { strike } from './crowd';
import { rightWithoutFault, withLine } from './naive-line';
import { startSqld } from './programs';

const REFUSAL = /another desk \(.+\) leads this database; stop it/;
const ENDED = /another desk leads this database now; this one ends/;
const END_LIMIT_MS = 60_000;
const SENT_MS = 60_000;
const keys = z.looseObject({ key_id: z.string(), secret_key: z.string(), account_number: z.string() });

/** Two desks with the same secrets and database, whose accounts trade at the venue of the world's desk. */
async function openPair(
  { desk: { dataDir, exchangeUrl } }: World,
  databaseUrl: string,
): Promise<[ChaosDesk, ChaosDesk]> {
  const options = {
    settings: { DATABASE_URL: databaseUrl, ...awayFrom(new URL(exchangeUrl).host) },
    under: ['sh', '-c', `cp "$0" "{data}/secrets.json" && exec "$@"`, join(dataDir, 'secrets.json')],
  };
  return [await openDesk(options), await openDesk(options)];
}

/** Started at once, exactly one leads and the other says why not; answers with both, the leader first. */
async function startBoth(
  [one, other]: [ChaosDesk, ChaosDesk],
  problems: Problems,
): Promise<[ChaosDesk, ChaosDesk]> {
  const [first, second] = await Promise.all([one.refusal(), other.refusal()]);
  const leads = [first, second].filter((words) => words === null).length;
  if (leads !== 1)
    throw new Error(`of two desks that started at once ${leads} lead:\n${first}\n--\n${second}`);
  problems.push(...judgeRefusal(first ?? second));
  return first === null ? [one, other] : [other, one];
}

const judgeRefusal = (words: string | null): Problems => {
  if (words === null) return ['a second desk started beside one that leads'];
  return REFUSAL.test(words) ? [] : [`a desk that may not lead does not say why: ${words}`];
};

/** A leader that is frozen with an order on its way, until the other leads and sends; then it goes on. */
async function freeze(
  world: World,
  leader: ChaosDesk,
  other: ChaosDesk,
  lead: (desk: ChaosDesk) => void,
): Promise<Problems> {
  const { sender, random, keyId } = world;
  const match = { ...POST, account: keyId };
  await strike(world, { kind: 'http', phase: 'after', action: 'hang', match, count: 1 });
  const sending = sender.submit('caught', random.next() < 0.5 ? market(random) : far(random));
  await pause(random.whole(50, 300));
  process.kill(leader.pid, 'SIGSTOP');
  await other.start();
  lead(other);
  await sending;
  const loading = mixedLoad(world, 'while-it-wakes');
  process.kill(leader.pid, 'SIGCONT');
  const ended = await endedWithin(leader, END_LIMIT_MS);
  await loading;
  return ended !== null && ended.code !== 0 && ENDED.test(leader.log())
    ? []
    : ['a desk that led once went on, or did not say why it ended'];
}

async function together(world: World): Promise<Problems> {
  const sqld = await startSqld();
  const pair = await openPair(world, sqld.url);
  const problems: Problems = [];
  try {
    const [leader, other] = await startBoth(pair, problems);
    const at = { url: leader.url };
    const account = keys.parse(await world.control('POST', 'accounts', {}));
    const sender = await signUp(at, 'two-desks', {
      alpaca_api_key: account.key_id,
      alpaca_secret_key: account.secret_key,
      alpaca_paper_trading: true,
    });
    const own: World = { ...world, sender, keyId: account.key_id, rest: sender.rest };
    const refusal = other.refusal();
    await mixedLoad(own, 'beside');
    problems.push(...judgeRefusal(await refusal));
    problems.push(...(await freeze(own, leader, other, ({ url }) => void (at.url = url))));
    const subject = { ...own, name: 'two-desks' };
    return [...problems, ...(await untilQuiet(world.desk, subject))];
  } finally {
    for (const each of pair) await each.dispose();
    await sqld.dispose();
  }
}

export const DESKS: readonly Fault[] = [
  inCluster(
    { id: 'F54', title: 'two desks start together: one leads, also once it was frozen; none sent twice' },
    together,
    // Each sends what it finds, as if it were alone.
    withLine('all', async (line) => {
      const one = await line.start();
      await rightWithoutFault(line);
      const other = await line.start();
      await line.put('both');
      await until(() => [one, other].every((desk) => desk.output().includes('sent both ')), SENT_MS);
    }),
  ),
];
