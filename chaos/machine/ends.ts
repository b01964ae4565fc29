import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ChaosDesk, DeskOptions } from '../desk';
import type { Fault, Problems, Rest, World } from '../faults/fault';
import { far, market, POST } from '../faults/load';
import { type Answer, ask } from '../http';
import { judgeHandles, noHandles, stayingCallers } from './streams';

const SIGTERM_LIMIT_MS = 10_000;
const END_LIMIT_MS = 20_000;

/** Code that the desk's process runs before its own. */
const withCode = (code: string, more = ''): DeskOptions => ({
  settings: { NODE_OPTIONS: `${more} --import=data:text/javascript,${encodeURIComponent(code)}` },
});

/** Code that the desk's process runs when it gets SIGUSR2. */
const whenTold = (code: string, more = ''): DeskOptions =>
  withCode(`process.on('SIGUSR2', () => { ${code} })`, more);

/** No name is known but this machine's own: Alpaca's hosts are the only others that a desk asks. */
const NAMELESS = withCode(`
  import dns from 'node:dns';
  const known = dns.lookup;
  dns.lookup = (name, ...rest) => {
    if (/^[\\d.:]+$|^localhost$/.test(name)) return known(name, ...rest);
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND ' + name), { code: 'ENOTFOUND' });
    process.nextTick(rest.at(-1), missing);
  };`);

/** The desk ends while an order is with the venue, and is started again. */
const endingBy =
  (judge: (desk: ChaosDesk) => Promise<Problems>): Fault['run'] =>
  async (world) => {
    const { sender, random, desk } = world;
    await sender.submit('earlier', far(random));
    await world.strike({ kind: 'http', phase: 'after', action: 'hang', match: POST, count: 1 });
    const sending = sender.submit('caught', random.next() < 0.5 ? market(random) : far(random));
    await pause(random.whole(50, 300));
    let problems: Problems = [];
    // A naive sender has died where its answer stayed away.
    if (world.rest !== null) {
      problems = await judge(desk);
      await desk.start();
    }
    await sending;
    await sender.submit('later', market(random));
    return problems;
  };

const bySignal = endingBy(async (desk) => {
  const began = performance.now();
  const { code } = await desk.end('SIGTERM');
  const took = performance.now() - began;
  return code === 0 && took < SIGTERM_LIMIT_MS
    ? []
    : [`SIGTERM ended it with ${code} after ${Math.round(took)} ms`];
});

/** Tells the process to run what it was given, which must end it, and not in peace. */
const byOwnHand = endingBy(async (desk) => {
  process.kill(desk.pid, 'SIGUSR2');
  const ended = await Promise.race([desk.ended(), pause(END_LIMIT_MS, null)]);
  if (ended === null) await desk.kill();
  return ended !== null && ended.code !== 0 ? [] : ['it went on, or ended in peace'];
});

const tokens = z.looseObject({ access_token: z.string() });
/** A port where nothing listens. */
const REFUSING = '127.0.0.1:9';

/** A user of an account at a venue that cannot be reached. */
async function unreachableUser({ url }: ChaosDesk): Promise<Rest> {
  const credentials = { username: `far-away`, password: 'correct horse battery' };
  const keys = {
    alpaca_api_key: 'PKNOWHERE',
    alpaca_secret_key: 'nowhere-at-all',
    alpaca_paper_trading: true,
  };
  const registered = await ask(`${url}/api/v1/auth/register`, 'POST', {
    body: { ...credentials, ...keys, email: 'far-away@desk.test' },
  });
  if (registered.status !== 201 && registered.status !== 200)
    throw new Error(`registering answered ${registered.status} ${registered.text}`);
  const login = await ask(`${url}/api/v1/auth/login`, 'POST', { body: credentials });
  const authorization = `Bearer ${tokens.parse(login.json).access_token}`;
  return (method, path, body, headers = {}) =>
    ask(`${url}/api/v1${path}`, method, { body, headers: { authorization, ...headers }, timeoutMs: 30_000 });
}

const CALLS = 150;

async function unreachable({ desk }: World): Promise<Problems> {
  const rest = await unreachableUser(desk);
  await rest('GET', '/account');
  const before = desk.handles() ?? 0;
  const answers: Answer[] = [];
  // Ten at a time, for every caller keeps its own connection to the desk alive.
  const caller = async (nth: number) => {
    for (let call = 0; call < CALLS / 10; call += 1)
      answers.push(await rest('GET', nth % 2 === 0 ? '/account' : '/positions'));
  };
  await Promise.all(Array.from({ length: 10 }, (_none, nth) => caller(nth)));
  const silent = answers.filter(({ status }) => status === null).length;
  const wrong = answers.filter(({ status }) => status !== null && status < 500).length;
  return [
    ...(silent > 0 ? [`${silent} of ${CALLS} calls had no answer`] : []),
    ...(wrong > 0 ? [`${wrong} of ${CALLS} calls were answered as if the venue had spoken`] : []),
    ...(await judgeHandles(desk, before)),
  ];
}

const awayFrom = (host: string): DeskOptions => ({
  settings: {
    ALPACA_BASE_URL: `http://${host}`,
    ALPACA_DATA_URL: `http://${host}`,
    ALPACA_STREAM_URL: `ws://${host}/stream`,
    ALPACA_DATA_STREAM_URL: `ws://${host}/v2/iex`,
  },
});

const ending = { id: 'F50', naive: 'anew', oneSeed: true } as const;
const venueAway = { id: 'F51', naive: 'anew', oneSeed: true, cannot: noHandles } as const;

export const ENDS: readonly Fault[] = [
  { ...ending, title: 'SIGTERM with an order at the venue: an end in ten seconds', own: {}, run: bySignal },
  {
    ...ending,
    title: 'an exception that nobody caught',
    own: whenTold("setTimeout(() => { throw new Error('thrown on purpose') })"),
    run: byOwnHand,
  },
  {
    ...ending,
    title: 'out of memory',
    own: whenTold(
      'const kept = []; for (;;) kept.push(new Array(1e6).fill(0.5));',
      '--max-old-space-size=256',
    ),
    run: byOwnHand,
  },
  {
    ...venueAway,
    title: 'the venue refuses connections: bounded answers, nothing left open',
    own: awayFrom(REFUSING),
    run: unreachable,
    control: ({ desk }) => stayingCallers(desk, 100),
  },
  {
    ...venueAway,
    title: "the venue's name is not found: bounded answers, nothing left open",
    own: NAMELESS,
    run: unreachable,
    control: ({ desk }) => stayingCallers(desk, 100),
  },
];
