import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quietStep, StepFailed } from '../processes/quiet-step.mjs';
import { runCommand } from '../processes/run-command.mjs';

/** Debian package and the program that shows that it is there. */
const NEEDED = [
  { name: 'chromium', program: '/usr/bin/chromium' },
  { name: 'redis-server', program: '/usr/bin/redis-server' },
  { name: 'strace', program: '/usr/bin/strace' },
  { name: 'faketime', program: '/usr/bin/faketime' },
];

/**
 * Installs what the tests need beside npm packages. Where there is no apt-get, or no right to use it, Playwright
 * brings its own browser.
 * @param {string} root
 */
export async function ensureSystemPackages(root) {
  const missing = NEEDED.filter(({ program }) => !existsSync(program)).map(({ name }) => name);
  if (missing.length === 0) return;
  const before = await privilege();
  if (before && existsSync('/usr/bin/apt-get')) await installByApt(missing, before);
  else await installPlaywrightBrowser(root);
}

/** @returns {Promise<string[] | null>} the words before a command that needs root, or null without the right */
async function privilege() {
  if (process.getuid?.() === 0) return [];
  const { code } = await runCommand('sudo', ['-n', 'true'], { timeoutMs: 10_000 });
  return code === 0 ? ['sudo', '-n'] : null;
}

/** @param {string[]} names @param {string[]} before */
async function installByApt(names, before) {
  const args = [...before, 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq'];
  const timeoutMs = 10 * 60_000;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const options = { cwd: '/', timeoutMs };
      await quietStep('Updating the package lists', 'env', [...args, 'update'], options);
      const install = [...args, 'install', '-y', '--no-install-recommends', ...names, 'fonts-liberation'];
      await quietStep(`Installing ${names.join(' and ')}`, 'env', install, options);
      return;
    } catch (error) {
      if (attempt === 2 || !(error instanceof StepFailed)) throw error;
      process.stdout.write('That failed; trying once more.\n');
    }
  }
}

/** @param {string} root */
async function installPlaywrightBrowser(root) {
  const cli = join(root, 'node_modules/@playwright/test/cli.js');
  const options = { cwd: root, timeoutMs: 10 * 60_000 };
  await quietStep('Fetching a browser', process.execPath, [cli, 'install', 'chromium'], options);
}
