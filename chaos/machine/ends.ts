import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosDesk, DeskOptions } from '../desk';
import type { Fault, Problems } from '../faults/fault';
import { far, market, POST } from '../faults/load';
import { endedWithin } from '../until';

const SIGTERM_LIMIT_MS = 10_000;
const END_LIMIT_MS = 20_000;

/** Code that the desk's process runs before its own. */
export const withCode = (code: string, more = ''): DeskOptions => ({
  settings: { NODE_OPTIONS: `${more} --import=data:text/javascript,${encodeURIComponent(code)}` },
});

/** Code that the desk's process runs when it gets SIGUSR2. */
const whenTold = (code: string, more = ''): DeskOptions =>
  withCode(`process.on('SIGUSR2', () => { ${code} })`, more);

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
  const ended = await endedWithin(desk, END_LIMIT_MS);
  if (ended === null) await desk.kill();
  return ended !== null && ended.code !== 0 ? [] : ['it went on, or ended in peace'];
});

const ending = { id: 'F50', naive: 'anew', oneSeed: true } as const;
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
];
