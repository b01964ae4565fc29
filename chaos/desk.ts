import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { keptPort } from '@/e2e/fixtures/free-port';
import { UNLIMITED } from '@/e2e/fixtures/unlimited';
import { ask } from './http';
import { type Line, openJournal } from './journal';

const START_LIMIT_MS = 60_000;
const secrets = z.object({ exchangeControlToken: z.string() });

export type DeskOptions = {
  /** Environment variables besides those of every run; `{data}` in a value stands for the desk's folder. */
  settings?: Readonly<Record<string, string>>;
  /** A command that runs the desk's own and becomes it. */
  under?: readonly string[];
};

export type Ended = { code: number | null; signal: NodeJS.Signals | null };

/** The built desk and the exchange it forked, as real processes on data of their own. */
export type ChaosDesk = {
  readonly url: string;
  readonly dataDir: string;
  /** Changes when the desk is started again. */
  readonly exchangeUrl: string;
  readonly starts: number;
  /** Of the running desk; 0 when there is none. */
  readonly pid: number;
  /** Ends the desk as a power cut would; its exchange notices and ends too. */
  kill(): Promise<void>;
  /** Sends a signal and waits until the desk is gone. */
  end(signal: NodeJS.Signals): Promise<Ended>;
  /** Waits until the desk is gone by itself. */
  ended(): Promise<Ended>;
  /** Starts it; `options` take the place of those it was made with, for this start and later ones. */
  start(options?: DeskOptions): Promise<void>;
  /** Starts it and answers with what it says when it ends instead; null when it started after all. */
  refusal(): Promise<string | null>;
  /** Starts it and kills it so long after, however far it has come. */
  startAndKill(afterMs: number): Promise<void>;
  /** Ends the exchange alone; the desk starts it again. False where the system does not tell its process. */
  killExchange(): Promise<boolean>;
  /** Open files and sockets of the desk; null where the system does not tell. */
  handles(): number | null;
  /** Calls the exchange's control API; throws when it refuses. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The exchange's journal as it lies on disk. */
  journal(): readonly Line[];
  log(): string;
  dispose(): Promise<void>;
};

export async function startDesk(made: DeskOptions = {}): Promise<ChaosDesk> {
  const desk = await openDesk(made);
  await desk.start();
  return desk;
}

/** A desk with a folder and a port of its own that was not started yet. */
export async function openDesk(made: DeskOptions): Promise<ChaosDesk> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outcry-chaos-'));
  const port = await keptPort();
  const url = `http://127.0.0.1:${port}`;
  const lives = createLives(dataDir, port);
  let options = made;
  let exchangeUrl = '';
  let starts = 0;

  /** Starts and waits; answers with what it said when it ended before it was ready. */
  async function tryStart(): Promise<string | null> {
    const started = lives.launch(options);
    const deadline = performance.now() + START_LIMIT_MS;
    for (;;) {
      if (started.child.exitCode !== null || started.child.signalCode !== null) {
        // Its last words may still be in the pipe.
        await started.closed;
        return started.said();
      }
      const found = /exchange {2}(http:\S+)/.exec(started.said())?.[1];
      if (found !== undefined && (await ask(`${url}/ready`, 'GET', { timeoutMs: 2_000 })).status === 200) {
        exchangeUrl = found;
        starts += 1;
        return null;
      }
      if (performance.now() > deadline) throw new Error(`the desk was not ready in time:\n${started.said()}`);
      await pause(20);
    }
  }

  async function start(next?: DeskOptions): Promise<void> {
    options = next ?? options;
    const said = await tryStart();
    if (said !== null) throw new Error(`the desk ended before it was ready:\n${said}`);
  }

  const controlToken = async () =>
    secrets.parse(JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8'))).exchangeControlToken;

  return {
    url,
    dataDir,
    get exchangeUrl() {
      return exchangeUrl;
    },
    get starts() {
      return starts;
    },
    get pid() {
      return lives.child()?.pid ?? 0;
    },
    kill: async () => void (await lives.end('SIGKILL')),
    end: (signal) => lives.end(signal),
    ended: () => lives.gone(),
    start,
    refusal: tryStart,
    async startAndKill(afterMs) {
      lives.launch(options);
      await pause(afterMs);
      await lives.end('SIGKILL');
    },
    async killExchange() {
      const pid = exchangeOf(lives.child());
      if (pid === null) return false;
      process.kill(pid, 'SIGKILL');
      for (let tries = 0; tries < 400; tries += 1) {
        await pause(25);
        const again = exchangeOf(lives.child());
        if (again !== null && again !== pid && (await ask(`${url}/ready`, 'GET')).status === 200) return true;
      }
      throw new Error('the exchange did not come back');
    },
    handles() {
      try {
        return readdirSync(`/proc/${lives.child()?.pid ?? 0}/fd`).length;
      } catch {
        return null;
      }
    },
    async control(method, path, body) {
      const headers = { authorization: `Bearer ${await controlToken()}` };
      const answer = await ask(`${exchangeUrl}/control/${path}`, method, { headers, body });
      if (answer.status === null || answer.status >= 300) {
        throw new Error(`control ${path} answered ${answer.status}: ${answer.text}`);
      }
      return answer.json;
    },
    journal: openJournal(join(dataDir, 'exchange/journal.jsonl')),
    log: () => lives.log(),
    async dispose() {
      await lives.end('SIGKILL');
      // The exchange ends by itself a moment after its killed parent, and may still be writing.
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

const NOT_RUNNING: Ended = { code: null, signal: null };

/** The desk's process, one after another. */
function createLives(dataDir: string, port: number) {
  let child: ChildProcess | null = null;
  let log = '';

  function launch({ settings = {}, under = [] }: DeskOptions) {
    const own = Object.entries(settings).map(([name, value]) => [name, value.replaceAll('{data}', dataDir)]);
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...UNLIMITED,
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      ...Object.fromEntries(own),
    };
    const [program = process.execPath, ...before] = under.map((word) => word.replaceAll('{data}', dataDir));
    const args = under.length === 0 ? ['dist/main.js'] : [...before, process.execPath, 'dist/main.js'];
    const launched = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const keep = (chunk: Buffer) => {
      said += chunk.toString('utf8');
      log = (log + chunk.toString('utf8')).slice(-200_000);
    };
    launched.stdout.on('data', keep);
    launched.stderr.on('data', keep);
    child = launched;
    return { child: launched, closed: once(launched, 'close'), said: () => said };
  }

  async function gone(): Promise<Ended> {
    const running = child;
    if (running === null) return NOT_RUNNING;
    if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
    if (child === running) child = null;
    return { code: running.exitCode, signal: running.signalCode };
  }

  function end(signal: NodeJS.Signals): Promise<Ended> {
    child?.kill(signal);
    return gone();
  }

  return { launch, gone, end, child: () => child, log: () => log };
}

function exchangeOf(child: ChildProcess | null): number | null {
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
