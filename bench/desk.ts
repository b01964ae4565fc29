import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@/e2e/fixtures/free-port';
import { UNLIMITED } from '@/e2e/fixtures/unlimited';

/** The built desk, started by itself as `npm start` does; `warmMs` is the time until it was ready. */
export type BenchDesk = {
  url: string;
  exchangeUrl: string;
  port: number;
  pid: number;
  warmMs: number;
  stop(): Promise<void>;
};

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if (child.exitCode !== null) throw new Error('the desk ended before it was ready');
    const ready = await fetch(`${url}/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await pause(25);
  }
  throw new Error('the desk was not ready within 30 s');
}

/** Starts the desk on a folder and waits until it is ready. */
export async function launch(
  command: readonly string[],
  dataDir: string,
  more: Readonly<Record<string, string>> = {},
): Promise<BenchDesk> {
  const [port, exchangePort] = [await freePort(), await freePort()];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...UNLIMITED,
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    PORT: String(port),
    EXCHANGE_PORT: String(exchangePort),
    DATA_DIR: dataDir,
    ...more,
  };
  const before = performance.now();
  const child = spawn(process.execPath, [...command], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  const warmMs = performance.now() - before;
  return {
    url,
    exchangeUrl: `http://127.0.0.1:${exchangePort}`,
    port,
    pid: child.pid ?? 0,
    warmMs,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Runs `work` with a desk that has data of its own; `command` is what node runs. */
export async function withDesk<Result>(
  command: readonly string[],
  work: (desk: BenchDesk) => Promise<Result>,
): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outcry-bench-'));
  try {
    const desk = await launch(command, dataDir);
    try {
      return await work(desk);
    } finally {
      await desk.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Time until ready of `npm start`'s own script, the build and the data being there already. */
export async function warmStart(script: string): Promise<number[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outcry-bench-'));
  const times: number[] = [];
  try {
    for (let round = 0; round < 4; round += 1) {
      const desk = await launch([script], dataDir);
      await desk.stop();
      times.push(desk.warmMs);
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  return times.slice(1);
}

/** A user of the desk: the headers that sign a call. */
export async function signUp(url: string, username = 'bench'): Promise<{ authorization: string }> {
  const post = async (path: string, body: object): Promise<string> => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.text();
  };
  const credentials = { username, password: 'correct horse battery' };
  await post('/api/v1/auth/register', { ...credentials, email: `${username}@desk.test` });
  const token = /"access_token":"([^"]+)"/.exec(await post('/api/v1/auth/login', credentials))?.[1];
  if (token === undefined) throw new Error('signing in gave no token');
  return { authorization: `Bearer ${token}` };
}
