import type { Fault, Problems, World } from '../faults/fault';
import { type ChaosDesk, startDesk } from '../desk';
import { type Program, noCluster, startRedis, startSqld } from './programs';
import { launch, type SendingProcess, started } from './sending-process';

/** What stands beside a desk whose orders several processes send. */
export type Cluster = {
  readonly redis: Program;
  /** What a worker of this desk needs. */
  readonly settings: Readonly<Record<string, string>>;
  /** A built worker, not yet ready; `code` runs in it before its own. */
  launchWorker(settings?: Readonly<Record<string, string>>, code?: string): SendingProcess;
  /** The same, once it sends. */
  startWorker(code?: string): Promise<SendingProcess>;
  /** What all processes of it have printed. */
  output(): string;
  /** Ends every worker that was started. */
  endWorkers(): Promise<void>;
};

const clusters = new WeakMap<ChaosDesk, Cluster>();

/** A built desk on a libSQL server and a Redis of its own, all of which end together. */
export type ClusterDesk = { desk: ChaosDesk; dispose(): Promise<void> };

export async function startClusterDesk(): Promise<ClusterDesk> {
  const programs: Program[] = [];
  const keep = async (program: Promise<Program>) => {
    programs.push(await program);
    return program;
  };
  try {
    const [sqld, redis] = await Promise.all([keep(startSqld()), keep(startRedis())]);
    const shared = { DATABASE_URL: sqld.url, REDIS_URL: redis.url };
    const desk = await startDesk({ settings: shared });
    const cluster = clusterOn(redis, { ...shared, DATA_DIR: desk.dataDir }, desk);
    clusters.set(desk, cluster);
    return {
      desk,
      async dispose() {
        await cluster.endWorkers();
        await desk.dispose();
        await Promise.all(programs.map((program) => program.dispose()));
      },
    };
  } catch (error) {
    await Promise.all(programs.map((program) => program.dispose()));
    throw error;
  }
}

function clusterOn(redis: Program, settings: Cluster['settings'], desk: ChaosDesk): Cluster {
  const workers: SendingProcess[] = [];
  const ever: SendingProcess[] = [];
  const launchWorker: Cluster['launchWorker'] = (own = settings, code = '') => {
    const worker = launch({ args: ['dist/worker.js'], settings: own, code });
    workers.push(worker);
    ever.push(worker);
    return worker;
  };
  return {
    redis,
    settings,
    launchWorker,
    startWorker: (code) => started(launchWorker(settings, code)),
    output: () => [desk.log(), ...ever.map((worker) => worker.output())].join('\n'),
    endWorkers: async () => void (await Promise.all(workers.splice(0).map((worker) => worker.end()))),
  };
}

/** The end of what the processes of a desk's cluster have printed. */
export const wordsOf = (desk: ChaosDesk): string =>
  clusters.get(desk)?.output().split('\n').slice(-60).join('\n') ?? '';

type Work = (world: World, cluster: Cluster) => Promise<Problems>;

/** A fault of the shared cluster: one at a time, and afterwards no worker of it is left. */
export const inCluster = (fault: Pick<Fault, 'id' | 'title'>, run: Work, control: Work): Fault => {
  const clean = (work: Work) => async (world: World) => {
    const cluster = clusters.get(world.desk);
    if (cluster === undefined) throw new Error('this desk has no cluster');
    try {
      return await work(world, cluster);
    } finally {
      await world.clear();
      await world.control('DELETE', 'faults');
      await cluster.endWorkers();
    }
  };
  return {
    ...fault,
    naive: 'anew',
    clustered: true,
    oneSeed: true,
    cannot: noCluster,
    run: clean(run),
    control: clean(control),
  };
};
