import type { World } from '../faults/fault';
import { until } from '../until';
import type { Cluster } from './cluster';
import { countPosts, gather, type Sent, strikePosts, submitAll } from './crowd';
import { type Blow, blowAt, type SendingProcess, struckAt } from './sending-process';

const CROWD = 5;
/** The desk sends, too, and may be faster with all orders of a round. */
const ROUNDS = 8;
const STRUCK_MS = 4_000;
/** How long an order that the venue asks to wait is held back. */
const RETRY_AFTER_S = 8;

/** A worker that was struck at an order, and all orders that were sent beside it. */
export type Struck = {
  worker: SendingProcess;
  at: Sent;
  orders: Sent[];
  /** How often the venue was asked to take the order at which it was struck. */
  posts: () => Promise<number>;
};

export type Aim = {
  /** The first order of every account is called so. */
  name: string;
  blow: Blow;
  blockMs?: number;
  /** Set before the orders are sent, for each round of them. */
  prepare?: (prefix: string) => Promise<unknown>;
  /** Whether the order will do; others are sent when it does not. */
  suits?: (at: Sent) => Promise<boolean>;
};

/** Sends orders of fresh accounts, two an account, until a worker was struck at the first of one. */
export async function strikeWorker(world: World, cluster: Cluster, aim: Aim): Promise<Struck> {
  const code = blowAt(`${aim.name}-first`, aim.blow, aim.blockMs);
  let worker = await cluster.startWorker(code);
  const all: Sent[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { at, posts, orders } = await tryRound(world, worker, aim, round);
    all.push(...orders);
    if (at !== undefined && posts !== undefined && (await aim.suits?.(at)) !== false)
      return { worker, at, posts, orders: all };
    if (struckAt(worker) === null) continue;
    await worker.end();
    worker = await cluster.startWorker(code);
  }
  throw new Error(`no order ${aim.name} was a worker's`);
}

async function tryRound(
  world: World,
  worker: SendingProcess,
  { name, prepare }: Aim,
  round: number,
): Promise<Partial<Struck> & Pick<Struck, 'orders'>> {
  const subjects = await gather(world, name, CROWD);
  const prefix = `${name}-first-${round}`;
  const counts = new Map<string, () => Promise<number>>();
  for (const nth of subjects.keys())
    counts.set(`${prefix}-${nth}`, await countPosts(world, `${prefix}-${nth}`));
  await prepare?.(prefix);
  const sending = [submitAll(world, subjects, prefix), submitAll(world, subjects, `${name}-later-${round}`)];
  await until(() => struckAt(worker) !== null, STRUCK_MS);
  const orders = (await Promise.all(sending)).flat();
  const at = orders.find(({ clientOrderId }) => clientOrderId === struckAt(worker));
  const posts = counts.get(at?.clientOrderId ?? '');
  return { orders, ...(at === undefined || posts === undefined ? {} : { at, posts }) };
}

/** The venue asks each account's first order to wait, once. */
export const askToWait = (world: World) => async (prefix: string) => {
  const limited = { phase: 'before', action: 'status', status: 429, retry_after: RETRY_AFTER_S, count: 1 };
  for (let nth = 0; nth < CROWD; nth += 1) await strikePosts(world, `${prefix}-${nth}`, limited);
};
