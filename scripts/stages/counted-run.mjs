import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { runCommand } from '../processes/run-command.mjs';
import { judgeStage } from '../lib/tally.mjs';

/**
 * Runs a test runner with its output on this terminal and counts from the JSON report that it leaves.
 * @template Report
 * @param {{ args: string[], report: string, cwd: string, env?: NodeJS.ProcessEnv, timeoutMs: number,
 *   count: (report: Report) => import('../lib/tally.mjs').Tally }} run
 * @returns {Promise<import('../lib/tally.mjs').Tally>}
 */
export async function countedRun({ args, report, cwd, env = {}, timeoutMs, count }) {
  mkdirSync(dirname(report), { recursive: true });
  // A report of an earlier run must not speak for this one.
  rmSync(report, { force: true });
  const { code, timedOut } = await runCommand(process.execPath, args, {
    cwd,
    env: { ...process.env, CI: process.env['CI'] ?? '1', ...env },
    timeoutMs,
    show: true,
  });
  if (timedOut) process.stdout.write(`Stopped: no end after ${timeoutMs / 60_000} minutes.\n`);
  return judgeStage(readCount(report, count), code);
}

/**
 * @template Report
 * @param {string} path
 * @param {(report: Report) => import('../lib/tally.mjs').Tally} count
 */
function readCount(path, count) {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
