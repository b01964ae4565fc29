import { availableParallelism } from 'node:os';

/** @typedef {readonly [string, (root: string) => Promise<string[]>]} NamedCheck */

/**
 * Runs checks side by side and says one line for each as it ends, and its findings only when there are any.
 * @param {readonly NamedCheck[]} checks
 * @param {string} root
 * @param {(text: string) => void} say
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runChecks(checks, root, say) {
  const waiting = [...checks];
  const tally = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const [name, run] = check;
      const started = performance.now();
      const problems = await run(root).catch((error) => [`the check itself broke: ${error?.stack ?? error}`]);
      const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`.padStart(7);
      if (problems.length === 0) {
        tally.passed += 1;
        say(`  ok    ${name.padEnd(16)} ${seconds}\n`);
      } else {
        tally.failed += 1;
        say(`  FAIL  ${name.padEnd(16)} ${seconds}\n${indent(problems)}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  return tally;
}

/** @param {readonly string[]} problems */
function indent(problems) {
  return problems
    .join('\n')
    .split('\n')
    .map((line) => `        ${line}`)
    .join('\n');
}
