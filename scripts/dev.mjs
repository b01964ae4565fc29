// npm run dev: the server under tsx, started again when its sources change. Next reloads the pages itself.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { runScript } from './processes/quiet-step.mjs';
import { ROOT } from './lib/repository.mjs';

await runScript(() => ensureInstalled(ROOT));

const args = [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'watch', '--clear-screen=false', 'server/main.ts'];
const child = spawn(process.execPath, [...args, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' },
});
// The child is in our group, so a terminal's Ctrl-C reaches it without us; a plain kill does not.
process.on('SIGINT', () => {});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
  process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
