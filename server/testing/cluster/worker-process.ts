import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Settings } from '../desk';

const ENTRY = fileURLToPath(new URL('../../worker.ts', import.meta.url));
const ready = z.object({ worker: z.string() });

/** A sending worker in a process of its own. */
export type WorkerProcess = {
  readonly id: string;
  /** Everything it has printed so far. */
  output(): string;
  /** Ends it and waits until it is gone; answers with its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
};

/** @param settings environment variables; without those it needs it ends, and the error says what it printed */
export async function startWorkerProcess(settings: Settings): Promise<WorkerProcess> {
  const variables = Object.entries({ LOG_LEVEL: 'warn', ...settings }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const child: ChildProcess = fork(ENTRY, [], {
    execPath: 'env',
    execArgv: [...variables, process.execPath, '--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (text: Buffer) => {
    output += text.toString('utf8');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const { worker } = await new Promise<z.infer<typeof ready>>((resolve, reject) => {
    child.once('message', (message) => resolve(ready.parse(message)));
    child.once('close', (code) => reject(new Error(`the worker ended (${code}): ${output}`)));
  });
  return {
    id: worker,
    output: () => output,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
      return child.exitCode;
    },
  };
}
