import { closeSync, fsyncSync, openSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import Database from 'libsql';

/**
 * Copies a database that another process writes to: a program of its own, so that nothing waits for it. Its connection
 * is read-only: it takes no checkpoint, which is what SQLite 3.45 could lose commits by (docs/adr/0001), and the writer
 * goes on meanwhile. `node copy-process FROM TO`; what went wrong is said on stderr.
 */
const [from = '', to = ''] = process.argv.slice(2);

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

try {
  setPriority(constants.priority.PRIORITY_LOW);
  const live = new Database(`file:${encodeURI(from)}?mode=ro`, { timeout: 5_000 });
  live.exec(`VACUUM INTO ${quoted(to)}`);
  live.close();
  // SQLite leaves it to the system when such a copy reaches the disk.
  const file = openSync(to, 'r+');
  fsyncSync(file);
  closeSync(file);
  const copy = new Database(`file:${encodeURI(to)}?mode=ro`);
  const [check] = copy.prepare('PRAGMA integrity_check').raw().all();
  copy.close();
  if (String(check) !== 'ok') throw new Error(`the copy is damaged (${String(check)})`);
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
