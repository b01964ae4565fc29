import type { Database } from '@/db/client';
import type { Env } from '@/server/env';
import type { Logger } from '@/server/platform/logger';
import type { Sealer } from '@/server/platform/seal';
import { LeaderError, readLeader } from '@/server/services/system/leadership';
import { openHouse } from './house-keys';

/** A worker cannot send for this desk; the message says why in one line. */
export class WorkerError extends Error {}

/** What a worker knows of the desk it sends for. */
export type FollowedDesk = {
  /** The database's own name, for good. */
  readonly name: string;
  /** Where its simulated exchange listens; empty before it ever did. */
  readonly exchangeUrl: string;
  /** Whether this process can reach that exchange now. */
  readonly reachesExchange: boolean;
  /** Called once, as soon as it can. */
  onExchange(listener: () => void): void;
  stop(): void;
};

const LOOK_MS = 1_000;
const ANSWER_MS = 1_000;

type Parts = { database: Pick<Database, 'db'>; sealer: Sealer; env: Env; log: Logger };

/** Errors: `LeaderError` when no desk leads the database, `WorkerError` when this process does not fit to it. */
export async function followDesk({ database, sealer, env, log }: Parts): Promise<FollowedDesk> {
  let exchangeUrl = '';
  let reachesExchange = false;
  let listener: (() => void) | null = null;

  async function look(): Promise<string> {
    const row = await readLeader(database.db);
    if (row.houseKeys === null || row.exchangeUrl === null) {
      reachesExchange = false;
      throw new LeaderError('no desk leads this database now; start the desk first');
    }
    const house = openHouse(sealer, row.houseKeys);
    if (house === null) {
      throw new WorkerError(
        'the master key is not the desk’s: set its OUTCRY_MASTER_KEY, or bring its secrets.json to DATA_DIR',
      );
    }
    if (house.alpaca !== env.ALPACA_BASE_URL) {
      throw new WorkerError(
        `ALPACA_BASE_URL is not the desk’s, which is ${house.alpaca}; orders would go to another broker`,
      );
    }
    exchangeUrl = row.exchangeUrl;
    const before = reachesExchange;
    reachesExchange = await answers(exchangeUrl, house);
    if (reachesExchange !== before)
      log.info({ exchangeUrl }, `the exchange in the box is ${reachesExchange ? '' : 'not '}reached`);
    if (reachesExchange && listener !== null) {
      listener();
      listener = null;
    }
    return row.desk;
  }

  const name = await look();
  if (!reachesExchange) {
    log.warn(
      { exchangeUrl },
      'the exchange in the box is out of reach; the desk sends for simulated accounts',
    );
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.warn({ err: error }, 'the desk could not be looked at'));
  }, LOOK_MS);
  timer.unref();
  return {
    name,
    get exchangeUrl() {
      return exchangeUrl;
    },
    get reachesExchange() {
      return reachesExchange;
    },
    onExchange(wanted) {
      if (reachesExchange) wanted();
      else listener = wanted;
    },
    stop: () => clearInterval(timer),
  };
}

/** Whether this very exchange answers at the address: it knows the house's keys, and another one does not. */
async function answers(url: string, house: { keyId: string; secretKey: string }): Promise<boolean> {
  const headers = { 'APCA-API-KEY-ID': house.keyId, 'APCA-API-SECRET-KEY': house.secretKey };
  try {
    const answer = await fetch(`${url}/v2/account`, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}
