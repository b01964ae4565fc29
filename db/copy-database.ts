import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Beside this file as it is written, and beside the bundle when it is built. */
const isSource = import.meta.url.endsWith('.ts');
const PROGRAM = fileURLToPath(new URL(isSource ? 'copy-process.ts' : 'copy-process.js', import.meta.url));

/** Writes a whole, checked copy of a database file, which may be in use, to a path where nothing is. */
export function copyDatabase(from: string, to: string): Promise<void> {
  const args = [...(isSource ? ['--import', 'tsx'] : []), PROGRAM, from, to];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(stderr === '' ? error.message : stderr, { cause: error }));
    });
  });
}
