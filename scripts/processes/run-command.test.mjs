import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isProcessAlive } from './process-alive.mjs';
import { runCommand } from './run-command.mjs';

it('hands back exit code and both outputs', async () => {
  const result = await runCommand(process.execPath, [
    '-e',
    'console.log("out"); console.error("err"); process.exit(3)',
  ]);
  expect(result).toMatchObject({ code: 3, timedOut: false });
  expect(result.output).toContain('out');
  expect(result.output).toContain('err');
});

it('reports a program that does not exist and one that a signal ended', async () => {
  expect(await runCommand('/no/such/program', [])).toMatchObject({ code: 127 });
  expect(await runCommand(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'])).toMatchObject({
    code: 137,
  });
});

it('ends a command that takes too long, grandchildren included', async () => {
  const grandchild = 'setInterval(() => {}, 1e3)';
  const script = `const c = require('child_process').spawn(process.execPath, ['-e', '${grandchild}']); console.log(c.pid); ${grandchild}`;
  const result = await runCommand(process.execPath, ['-e', script], { timeoutMs: 3_000 });
  expect(result).toMatchObject({ code: 124, timedOut: true });
  await expectGone(Number.parseInt(result.output, 10));
}, 20_000);

/** @type {readonly NodeJS.Signals[]} */
const ENDS = ['SIGKILL', 'SIGTERM'];

it.each(ENDS)('takes the command along when we are ended by %s', async (signal) => {
  const here = JSON.stringify(join(import.meta.dirname, 'run-command.mjs'));
  const inner = `console.log(process.pid); setInterval(() => {}, 1e3)`;
  const script = `import { runCommand } from ${here}; await runCommand(process.execPath, ['-e', ${JSON.stringify(inner)}], { show: true });`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const [pid] = await once(parent.stdout, 'data');
  parent.kill(signal);
  const [, endedBy] = await once(parent, 'exit');
  expect(endedBy).toBe(signal);
  await expectGone(Number(pid));
});

/** @param {number} pid */
async function expectGone(pid) {
  expect(pid).toBeGreaterThan(0);
  await expect.poll(() => isProcessAlive(pid), { timeout: 5_000 }).toBe(false);
}
