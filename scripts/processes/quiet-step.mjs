import { runCommand } from './run-command.mjs';

/** A step that failed: its message is all that the person needs to see. */
export class StepFailed extends Error {}

/**
 * Says what is done in one line and shows the command's output only when it fails.
 * @param {string} title
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} options
 */
export async function quietStep(title, command, args, options) {
  const started = performance.now();
  process.stdout.write(`${title}…\n`);
  const { code, output } = await runCommand(command, args, options);
  if (code === 0) return;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  throw new StepFailed(`${output.trimEnd()}\n\n${title} failed after ${seconds} s (exit code ${code}).`);
}

/**
 * Runs a script's body; a failure becomes one message and exit code 1, never a stack that hides the cause.
 * @param {() => Promise<unknown>} body
 */
export async function runScript(body) {
  try {
    await body();
  } catch (error) {
    process.stderr.write(
      `${error instanceof StepFailed || isBadOption(error) ? error.message : inspect(error)}\n`,
    );
    process.exit(1);
  }
}

/** What node:util's parseArgs throws. @param {unknown} error @returns {error is Error} */
function isBadOption(error) {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

/** @param {unknown} error */
function inspect(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
