import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles the command line into one file in a folder, so that it starts fast; answers where it is. */
export async function buildCli(dir: string): Promise<string> {
  const outfile = join(dir, 'cli.cjs');
  const entryPoints = [join(import.meta.dirname, '../cli.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  return outfile;
}
