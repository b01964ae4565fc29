import { join } from 'node:path';
import { clearStamp, hashInputs, isFresh, writeStamp } from './build-stamp.mjs';
import { withFileLock } from './file-lock.mjs';
import { quietStep, StepFailed } from '../processes/quiet-step.mjs';

/** Where each program starts and what its bundle is called. The server starts the exchange by that name. */
const ENTRIES = {
  main: 'server/main.ts',
  worker: 'server/worker.ts',
  exchange: 'exchange/cli.ts',
  'copy-process': 'db/copy-process.ts',
};

/**
 * Builds the server, the exchange and the pages unless the last build had exactly these inputs.
 * @param {string} root
 */
export async function ensureBuilt(root) {
  if (isFresh(root, hashInputs(root))) return;
  const onWait = () => process.stdout.write('Waiting for another start to finish building…\n');
  await withFileLock(join(root, 'dist/.lock'), () => build(root), { onWait });
}

/** @param {string} root */
async function build(root) {
  const hash = hashInputs(root);
  if (isFresh(root, hash)) return;
  clearStamp(root);
  await bundle(root);
  await quietStep('Building', process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    timeoutMs: 15 * 60_000,
  });
  // Sources that changed while the build ran: leave no stamp, so that the next start builds them.
  if (hashInputs(root) === hash) writeStamp(root, hash);
}

/**
 * Packages stay outside the bundle; `@/…` is ours and goes in.
 * @param {string} root
 */
async function bundle(root) {
  const { build: esbuild, formatMessages } = await import('esbuild');
  const result = await esbuild({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: 'dist',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    bundle: true,
    packages: 'external',
    alias: { '@': root },
    sourcemap: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  }).catch((error) => error);
  if (!(result instanceof Error)) return;
  const messages = 'errors' in result && Array.isArray(result.errors) ? result.errors : [];
  const lines = await formatMessages(messages, { kind: 'error' });
  throw new StepFailed(`${lines.join('') || result.message}\nBuilding failed.`);
}
