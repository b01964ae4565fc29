import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock';
import type { Logger } from './logger';

const HOUR_MS = 60 * 60_000;
const KEPT = 24;
const NAME = /^outcry-.*\.db$/;

type Parts = {
  folder: string;
  clock: Clock;
  log: Logger;
  /** Writes a checked copy to a path where nothing is. */
  copyTo: (path: string) => Promise<void>;
};

export type Backups = {
  /** Makes a copy now; answers with its path. */
  make(): Promise<string>;
  /** One an hour from now on; the newest 24 are kept. */
  start(): void;
  stop(): void;
};

/** Hourly copies of the database in a folder of their own. Broker keys in them stay sealed: the key is elsewhere. */
export function createBackups({ folder, clock, log, copyTo }: Parts): Backups {
  let timer: NodeJS.Timeout | undefined;

  async function make(): Promise<string> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `outcry-${clock.iso().replaceAll(/[:.]/g, '-')}.db`);
    await copyTo(path);
    await chmod(path, 0o600);
    const copies = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
    for (const old of copies.slice(0, -KEPT)) await rm(join(folder, old), { force: true });
    return path;
  }

  return {
    make,
    start() {
      timer = setInterval(() => {
        make().catch((error: unknown) => log.error({ err: error }, 'the backup of this hour failed'));
      }, HOUR_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}
