import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { until } from '../until';

const START_LIMIT_MS = 60_000;

/** A process that sends orders: a built worker of the desk, or a naive one. */
export type SendingProcess = {
  /** Everything it has printed so far. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  isGone(): boolean;
  /** Kills it, unless it is gone, and waits until it is. */
  end(): Promise<void>;
};

type Start = {
  args: readonly string[];
  settings: Readonly<Record<string, string>>;
  /** Runs in it before its own. */
  code?: string;
  /** Told each line that it prints. */
  hear?: (line: string) => void;
};

export function launch({ args, settings, code = '', hear }: Start): SendingProcess {
  const before = code === '' ? [] : [`--import=data:text/javascript,${encodeURIComponent(code)}`];
  const child = spawn(process.execPath, [...before, ...args], {
    env: { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'warn', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  if (hear !== undefined) createInterface({ input: child.stdout }).on('line', hear);
  const keep = (chunk: Buffer) => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const closed = once(child, 'close');
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    output: () => output,
    signal: (signal) => child.kill(signal),
    isGone,
    async end() {
      if (!isGone()) child.kill('SIGKILL');
      await closed;
    },
  };
}

/** Waits until it says that it sends; throws, with its words, when it ends instead. */
export async function started(sending: SendingProcess): Promise<SendingProcess> {
  const words = await refusalOf(sending);
  if (words !== null) throw new Error(`a sending process ended before it was ready:\n${words}`);
  return sending;
}

/** What it says when it ends instead of sending; null once it sends. */
export async function refusalOf(sending: SendingProcess): Promise<string | null> {
  const isUp = await until(
    () => sending.isGone() || sending.output().includes(' sends for '),
    START_LIMIT_MS,
  );
  if (isUp && !sending.isGone()) return null;
  await sending.end();
  return sending.output();
}

/** What befalls a process at an order that it is about to send. */
export type Blow =
  /** Killed before a byte of it leaves. */
  | 'killed'
  /** Stopped before a byte of it leaves; what it had decided to send it sends when it goes on, however late. */
  | 'stopped'
  /** Killed, or stopped, while it holds the order back because the venue asked it to wait. */
  | 'killed-waiting'
  | 'stopped-waiting'
  /** Its event loop stands still, for a time, once the order has left. */
  | 'blocked';

/** Says in the output what befell it, and at which order. */
export const struckAt = (sending: SendingProcess): string | null =>
  /^struck at (\S+)$/m.exec(sending.output())?.[1] ?? null;
/** What became of an order that left late. */
export const lateAnswer = (sending: SendingProcess): string | null =>
  /^late answer (.+)$/m.exec(sending.output())?.[1] ?? null;

/** The code of a blow at the first order whose client order id begins so, in the transport by which orders leave. */
export const blowAt = (prefix: string, blow: Blow, blockMs = 0): string => `
  import { writeSync } from 'node:fs';
  import { createRequire } from 'node:module';
  const undici = createRequire(process.cwd() + '/')('undici');
  const plain = undici.request;
  const say = (words) => writeSync(1, words + '\\n');
  const signal = ${JSON.stringify(blow.startsWith('killed') ? 'SIGKILL' : 'SIGSTOP')};
  const isWaiting = ${JSON.stringify(blow.endsWith('waiting'))};
  const blockMs = ${blockMs};
  let isDone = false;
  undici.request = async (url, options) => {
    const isOrder = options?.method === 'POST' && String(url).endsWith('/v2/orders');
    const id = isOrder ? JSON.parse(options.body).client_order_id : '';
    if (isDone || !id.startsWith(${JSON.stringify(prefix)})) return plain(url, options);
    if (isWaiting) {
      const answer = await plain(url, options);
      if (answer.statusCode !== 429 || isDone) return answer;
      isDone = true;
      setTimeout(() => { say('struck at ' + id); process.kill(process.pid, signal); }, 500);
      return answer;
    }
    isDone = true;
    if (blockMs > 0) {
      const answer = plain(url, options);
      setTimeout(() => {
        say('struck at ' + id);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs);
        say('went on');
      }, 300);
      return answer;
    }
    say('struck at ' + id);
    process.kill(process.pid, signal);
    // A signal to oneself arrives a moment later.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    try {
      const answer = await plain(url, { ...options, signal: undefined });
      say('late answer ' + answer.statusCode);
      return answer;
    } catch (error) {
      say('late answer ' + error);
      throw error;
    }
  };`;
