import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '@/e2e/fixtures/free-port';
import { UNLIMITED } from '@/e2e/fixtures/unlimited';
import { ask } from './http';
import { type Line, openJournal } from './journal';

const START_LIMIT_MS = 60_000;
const secrets = z.object({ exchangeControlToken: z.string() });

/** The built desk and the exchange it forked, as real processes on data of their own. */
export type ChaosDesk = {
  readonly url: string;
  /** Changes when the desk is started again. */
  readonly exchangeUrl: string;
  readonly starts: number;
  /** Ends the desk as a power cut would; its exchange notices and ends too. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Starts it and kills it so long after, however far it has come. */
  startAndKill(afterMs: number): Promise<void>;
  /** Ends the exchange alone; the desk starts it again. False where the system does not tell its process. */
  killExchange(): Promise<boolean>;
  /** Calls the exchange's control API; throws when it refuses. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The exchange's journal as it lies on disk. */
  journal(): readonly Line[];
  log(): string;
  dispose(): Promise<void>;
};

export async function startDesk(): Promise<ChaosDesk> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outcry-chaos-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...UNLIMITED,
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: dataDir,
  };
  let child: ChildProcess | null = null;
  let exchangeUrl = '';
  let log = '';
  let starts = 0;

  function launch(hear: (text: string) => void): ChildProcess {
    const launched = spawn(process.execPath, ['dist/main.js'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child = launched;
    const keep = (chunk: Buffer) => {
      hear(chunk.toString('utf8'));
      log = (log + chunk.toString('utf8')).slice(-200_000);
    };
    launched.stdout.on('data', keep);
    launched.stderr.on('data', keep);
    return launched;
  }

  async function start(): Promise<void> {
    let said = '';
    const started = launch((text) => {
      said += text;
    });
    const deadline = performance.now() + START_LIMIT_MS;
    for (;;) {
      if (started.exitCode !== null) throw new Error(`the desk ended before it was ready:\n${said}`);
      const found = /exchange {2}(http:\S+)/.exec(said)?.[1];
      if (found !== undefined && (await ask(`${url}/ready`, 'GET', { timeoutMs: 2_000 })).status === 200) {
        exchangeUrl = found;
        starts += 1;
        return;
      }
      if (performance.now() > deadline) throw new Error(`the desk was not ready in time:\n${said}`);
      await pause(20);
    }
  }

  async function kill(): Promise<void> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }

  function exchangePid(): number | null {
    try {
      const pid = child?.pid ?? 0;
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
      const isExchange = (each: string) =>
        readFileSync(`/proc/${each}/cmdline`, 'utf8').includes('exchange.js');
      return Number(children.find(isExchange) ?? 0) || null;
    } catch {
      return null;
    }
  }

  await start();
  const { exchangeControlToken } = secrets.parse(
    JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')),
  );
  return {
    url,
    get exchangeUrl() {
      return exchangeUrl;
    },
    get starts() {
      return starts;
    },
    kill,
    start,
    async startAndKill(afterMs) {
      launch(() => undefined);
      await pause(afterMs);
      await kill();
    },
    async killExchange() {
      const pid = exchangePid();
      if (pid === null) return false;
      process.kill(pid, 'SIGKILL');
      for (let tries = 0; tries < 400; tries += 1) {
        await pause(25);
        const again = exchangePid();
        if (again !== null && again !== pid && (await ask(`${url}/ready`, 'GET')).status === 200) return true;
      }
      throw new Error('the exchange did not come back');
    },
    async control(method, path, body) {
      const headers = { authorization: `Bearer ${exchangeControlToken}` };
      const answer = await ask(`${exchangeUrl}/control/${path}`, method, { headers, body });
      if (answer.status === null || answer.status >= 300) {
        throw new Error(`control ${path} answered ${answer.status}: ${answer.text}`);
      }
      return answer.json;
    },
    journal: openJournal(join(dataDir, 'exchange/journal.jsonl')),
    log: () => log,
    async dispose() {
      await kill();
      // The exchange ends by itself a moment after its killed parent, and may still be writing.
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
