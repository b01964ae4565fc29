import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TETHER = fileURLToPath(new URL('tethered.mjs', import.meta.url));

/** @typedef {{ code: number, output: string, timedOut: boolean }} CommandResult */

/** Process groups that this process started and that still run. @type {Set<number>} */
const running = new Set();

/**
 * Runs a command to its end in a process group of its own, so that a timeout, a signal or our own death takes its
 * children too. Its standard input is empty.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, show?: boolean }} [options]
 *   show: stream the output to this terminal instead of keeping it
 * @returns {Promise<CommandResult>}
 */
export function runCommand(command, args, { cwd, env, timeoutMs, show = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [TETHER, command, ...args], {
      cwd,
      env: env ?? process.env,
      detached: true,
      stdio: show ? ['pipe', 'inherit', 'inherit'] : ['pipe', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) {
      if (running.size === 0) watch();
      running.add(pid);
    }
    /** @type {string[]} */
    const output = [];
    let timedOut = false;
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            if (pid !== undefined) killGroup(pid, 'SIGKILL');
          }, timeoutMs);
    /** @param {number} code */
    const end = (code) => {
      clearTimeout(timer);
      if (pid !== undefined && running.delete(pid) && running.size === 0) unwatch();
      if (timedOut) output.push(`\nstopped after ${(timeoutMs ?? 0) / 1000} s without an end\n`);
      resolve({ code: timedOut ? 124 : code, output: output.join(''), timedOut });
    };
    child.stdout?.setEncoding('utf8').on('data', (text) => output.push(text));
    child.stderr?.setEncoding('utf8').on('data', (text) => output.push(text));
    child.once('error', (error) => {
      output.push(`${error.message}\n`);
      end(127);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * A detached child does not get the terminal's Ctrl-C: pass the end on, then end as the signal asks.
 * @param {NodeJS.Signals} signal
 */
function passOn(signal) {
  for (const pid of running) killGroup(pid, 'SIGTERM');
  unwatch();
  process.kill(process.pid, signal);
}

function killAll() {
  for (const pid of running) killGroup(pid, 'SIGKILL');
}

/** Handlers stand only while a command runs, so that whatever runs later in this process owns its signals. */
function watch() {
  for (const signal of SIGNALS) process.on(signal, passOn);
  process.on('exit', killAll);
}

function unwatch() {
  for (const signal of SIGNALS) process.off(signal, passOn);
  process.off('exit', killAll);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has just ended.
  }
}
