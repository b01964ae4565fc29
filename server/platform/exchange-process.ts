import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Logger } from './logger';

export type ExchangeProcess = {
  /** http://127.0.0.1:PORT; stays the same over restarts of the exchange. */
  readonly url: string;
  readonly up: boolean;
  /** Null while it does not run. */
  readonly pid: number | null;
  openAccount(keys: { keyId: string; secretKey: string }): Promise<void>;
  stop(): Promise<void>;
};

type Options = {
  entry: string;
  execArgv: string[];
  dataDir: string;
  port: number;
  seed: string;
  clock: string;
  controlToken: string;
  log: Logger;
};

const listening = z.object({ type: z.literal('listening'), url: z.url(), port: z.number().int() });
const START_TIMEOUT_MS = 20_000;
/** Its exit code where another process has its data folder. */
const FOLDER_IN_USE = 3;
/** A killed desk's exchange ends by itself, and so long at most after it. */
const PREDECESSOR_MS = 10_000;
const RESTART_MS = [250, 500, 1_000, 2_000, 5_000] as const;
const STOP_TIMEOUT_MS = 3_000;

class NotStarted extends Error {
  readonly exitCode: number | null;
  constructor(words: string, exitCode: number | null) {
    super(`the simulated exchange did not start: ${words === '' ? `exit code ${exitCode}` : words}`);
    this.exitCode = exitCode;
  }
}

/**
 * Runs the simulated exchange as a process of its own, on loopback. It ends with the desk: when the channel
 * between them breaks, however the desk died, the exchange stops by itself. Should it die first, it is
 * started again on the same port, from its journal.
 */
export async function startExchangeProcess(options: Options): Promise<ExchangeProcess> {
  let stopping = false;
  let child: ChildProcess | null = null;
  let isUp = false;
  let failures = 0;
  let address = await launchFirst();

  /** Only one desk has this folder, so whatever else holds the exchange's was left by a killed one and is ending. */
  async function launchFirst(): Promise<{ url: string; port: number }> {
    for (let waited = 0; ; waited += RESTART_MS[0]) {
      try {
        return await launch(options.port);
      } catch (error) {
        const isEnding = error instanceof NotStarted && error.exitCode === FOLDER_IN_USE;
        if (!isEnding || waited >= PREDECESSOR_MS) throw error;
        await pause(RESTART_MS[0]);
      }
    }
  }

  function launch(port: number): Promise<{ url: string; port: number }> {
    const args = [
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--data-dir',
      options.dataDir,
      '--seed',
      options.seed,
    ];
    args.push('--clock', options.clock, '--plan', 'paid', '--rate-limit', 'off');
    const started = fork(options.entry, args, {
      execArgv: options.execArgv,
      // Its own settings and nothing else: none of the desk's secrets.
      env: { NODE_ENV: 'production', EXCHANGE_CONTROL_TOKEN: options.controlToken },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = started;
    let words = '';
    started.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2000);
    });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        started.kill('SIGKILL');
        reject(new Error('the simulated exchange did not start in time'));
      }, START_TIMEOUT_MS);
      started.on('message', (message) => {
        const parsed = listening.safeParse(message);
        if (!parsed.success) return;
        clearTimeout(timer);
        isUp = true;
        failures = 0;
        resolve({ url: parsed.data.url, port: parsed.data.port });
      });
      started.on('exit', (code, signal) => {
        clearTimeout(timer);
        const wasUp = isUp;
        isUp = false;
        child = null;
        if (stopping) return;
        if (!wasUp) return reject(new NotStarted(words.trim(), code));
        options.log.error({ code, signal, words }, 'the simulated exchange stopped');
        void restart();
      });
    });
  }

  async function restart(): Promise<void> {
    for (;;) {
      await pause(RESTART_MS[Math.min(failures, RESTART_MS.length - 1)]);
      if (stopping) return;
      failures += 1;
      try {
        address = await launch(address.port);
        options.log.info({ url: address.url }, 'the simulated exchange is back');
        return;
      } catch (error) {
        options.log.error({ err: error }, 'the simulated exchange did not come back');
      }
    }
  }

  return {
    get url() {
      return address.url;
    },
    get up() {
      return isUp;
    },
    get pid() {
      return child?.pid ?? null;
    },
    async openAccount({ keyId, secretKey }) {
      const answer = await fetch(`${address.url}/control/accounts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${options.controlToken}` },
        body: JSON.stringify({ key_id: keyId, secret_key: secretKey }),
        signal: AbortSignal.timeout(5_000),
      });
      if (!answer.ok) throw new Error(`the simulated exchange answered ${answer.status} to a new account`);
    },
    async stop() {
      stopping = true;
      const running = child;
      if (running === null) return;
      const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()));
      running.kill('SIGTERM');
      const killer = setTimeout(() => running.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await gone;
      clearTimeout(killer);
    },
  };
}
