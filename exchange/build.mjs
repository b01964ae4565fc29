// npm run build -w exchange: the package as it is published, in exchange/dist, with its types.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const compiler = fileURLToPath(new URL('../node_modules/typescript/lib/tsc.js', import.meta.url));

rmSync(`${here}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ['index.ts', 'cli.ts'],
  outdir: 'dist',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  bundle: true,
  splitting: true,
  packages: 'external',
});
execFileSync(process.execPath, [compiler, '--project', `${here}tsconfig.build.json`], { stdio: 'inherit' });
chmodSync(`${here}dist/cli.js`, 0o755);
