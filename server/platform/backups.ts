import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeskError } from '@/domain/errors';
import type { Clock } from './clock';
import type { Logger } from './logger';

const HOUR_MS = 60 * 60_000;
const KEPT = 24;
const NAME = /^outcry-.*\.db$/;
const PART = '.part';
const UNFINISHED = /^outcry-.*\.db\.part/;

type Parts = {
  folder: string;
  clock: Clock;
  log: Logger;
  /** Writes a checked copy to a path where nothing is. */
  copyTo: (path: string) => Promise<void>;
};

/** A copy that is whole and checked; `madeAt` is when it was finished. */
export type Backup = { name: string; bytes: number; madeAt: string };

export type Backups = {
  /** Makes a copy now; answers with its path. Errors: `conflict` while another is being made. */
  make(): Promise<string>;
  /** Those that are there, the newest first. */
  list(): Promise<Backup[]>;
  /** One an hour from now on; the newest 24 are kept. */
  start(): void;
  stop(): void;
};

/** Hourly copies of the database in a folder of their own. Broker keys in them stay sealed: the key is elsewhere. */
export function createBackups({ folder, clock, log, copyTo }: Parts): Backups {
  let timer: NodeJS.Timeout | undefined;
  let isUnderWay = false;

  const names = async (which: RegExp) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return (await readdir(folder)).filter((name) => which.test(name)).sort();
  };
  const remove = (all: readonly string[]) =>
    Promise.all(all.map((name) => rm(join(folder, name), { force: true })));

  async function copy(): Promise<string> {
    // What a killed desk left half made is no backup.
    await remove(await names(UNFINISHED));
    const path = join(folder, `outcry-${clock.iso().replaceAll(/[:.]/g, '-')}.db`);
    await copyTo(`${path}${PART}`);
    await chmod(`${path}${PART}`, 0o600);
    await rename(`${path}${PART}`, path);
    await remove((await names(NAME)).slice(0, -KEPT));
    return path;
  }

  async function make(): Promise<string> {
    if (isUnderWay) throw new DeskError('conflict', 'A backup is being made. List the backups in a moment.');
    isUnderWay = true;
    try {
      return await copy();
    } finally {
      isUnderWay = false;
    }
  }

  return {
    make,
    async list() {
      const found = (await names(NAME)).reverse();
      const stats = await Promise.all(found.map((name) => stat(join(folder, name))));
      return found.flatMap((name, at) => {
        const told = stats[at];
        return told === undefined ? [] : [{ name, bytes: told.size, madeAt: clock.iso(told.mtimeMs) }];
      });
    },
    start() {
      timer = setInterval(() => {
        make().catch((error: unknown) => log.error({ err: error }, 'the backup of this hour failed'));
      }, HOUR_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}
