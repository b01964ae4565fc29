import { createClient } from '@libsql/client';
import type { z } from 'zod';
import type { Settings } from '../desk';
import { type DeskProcess, startDeskProcess } from '../desk-process';
import { startRedis, type TestRedis } from '../redis-server';
import { startSqld, type TestSqld } from './sqld-server';
import { startWorkerProcess, type WorkerProcess } from './worker-process';

/** A desk on a libSQL server and a Redis, with workers beside it, each in a process of its own. */
export type Cluster = {
  readonly desk: DeskProcess;
  readonly redis: TestRedis;
  readonly sqld: TestSqld;
  /** What a worker of this desk needs. */
  readonly settings: Settings;
  startWorker(): Promise<WorkerProcess>;
  /** Ends every worker that was started. */
  endWorkers(): Promise<void>;
  /** Rows of the desk's database. */
  rows<Row>(row: z.ZodType<Row>, sql: string): Promise<Row[]>;
  /** Makes the exchange fail on purpose; throws when it does not take the fault. */
  fault(fault: object): Promise<void>;
  /** The client order ids that the exchange accepted, in their order, whatever the desk believes. */
  accepted(): Promise<string[]>;
  dispose(): Promise<void>;
};

export async function startCluster(more: Settings = {}): Promise<Cluster> {
  const [sqld, redis] = await Promise.all([startSqld(), startRedis()]);
  const shared = { DATABASE_URL: sqld.url, REDIS_URL: redis.url, ...more };
  const desk = await startDeskProcess(shared);
  const settings = { ...shared, DATA_DIR: desk.dataDir };
  const client = createClient({ url: sqld.url });
  const workers: WorkerProcess[] = [];
  const endWorkers = async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.end('SIGKILL')));
  };
  return {
    desk,
    redis,
    sqld,
    settings,
    async startWorker() {
      const worker = await startWorkerProcess(settings);
      workers.push(worker);
      return worker;
    },
    endWorkers,
    async rows(row, sql) {
      const { rows } = await client.execute(sql);
      return rows.map((each) => row.parse({ ...each }));
    },
    async fault(fault) {
      const { status, text } = await desk.control('POST', 'faults', fault);
      if (status !== 201) throw new Error(`the exchange did not take the fault: ${text}`);
    },
    async accepted() {
      const taken = (await desk.exchangeJournal())
        .split('\n')
        .filter((line) => line.includes('"order_accepted"'));
      return taken.flatMap((line) => /"client_order_id":"([^"]+)"/.exec(line)?.[1] ?? []);
    },
    async dispose() {
      await endWorkers();
      await desk.dispose();
      client.close();
      await Promise.all([sqld.dispose(), redis.dispose()]);
    },
  };
}
