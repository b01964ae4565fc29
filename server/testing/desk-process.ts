import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Settings } from './desk';
import { type Reply, sendJson } from './http-caller';

const ENTRY = fileURLToPath(new URL('desk-entry.ts', import.meta.url));
const ready = z.object({ url: z.url(), exchangeUrl: z.url() });
const secrets = z.object({ exchangeControlToken: z.string() });

/** A desk in a process of its own, for tests that kill it or read what it prints. */
export type DeskProcess = {
  readonly url: string;
  readonly exchangeUrl: string;
  readonly dataDir: string;
  /** Everything it has printed so far, over all its lives. */
  output(): string;
  /** Ends it as `signal` says and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same folder, on another port. */
  start(): Promise<void>;
  /** Calls the exchange's control API, which makes it fail on purpose. */
  control(method: string, path: string, body?: unknown): Promise<Reply>;
  /** The exchange's own journal: every order it ever accepted, whatever the desk believes. */
  exchangeJournal(): Promise<string>;
  dispose(): Promise<void>;
};

/** @param under a command that runs the desk's own, such as a tracer */
export async function startDeskProcess(
  settings: Settings = {},
  under: readonly string[] = [],
): Promise<DeskProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'st-desk-'));
  let child: ChildProcess | null = null;
  let at = { url: '', exchangeUrl: '' };
  let output = '';

  async function start(): Promise<void> {
    const [program, ...before] = [...under, process.execPath];
    const started = fork(ENTRY, [dataDir, JSON.stringify(settings)], {
      execPath: program,
      execArgv: [...before, '--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const keep = (text: Buffer) => {
      output += text.toString('utf8');
    };
    started.stdout?.on('data', keep);
    started.stderr?.on('data', keep);
    child = started;
    at = await new Promise((resolve, reject) => {
      started.once('message', (message) => resolve(ready.parse(message)));
      started.once('exit', () => reject(new Error(`the desk ended before it was ready: ${output}`)));
    });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill(signal);
    await gone;
  }

  async function control(method: string, path: string, body?: unknown): Promise<Reply> {
    const file = await readFile(join(dataDir, 'secrets.json'), 'utf8');
    const { exchangeControlToken } = secrets.parse(JSON.parse(file));
    const headers = { authorization: `Bearer ${exchangeControlToken}` };
    return sendJson(at.exchangeUrl, method, `/control/${path}`, body, headers);
  }

  await start();
  return {
    get url() {
      return at.url;
    },
    get exchangeUrl() {
      return at.exchangeUrl;
    },
    dataDir,
    output: () => output,
    end,
    start,
    control,
    exchangeJournal: async () => (await control('GET', 'journal')).text,
    async dispose() {
      await end('SIGKILL');
      // The exchange ends by itself a moment after its killed parent, and may still be writing.
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}
