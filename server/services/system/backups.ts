import { basename } from 'node:path';
import { DeskError } from '@/domain/errors';
import type { Backup, Backups } from '@/server/platform/backups';
import type { UserContext } from '../context';
import { changeStatement } from '../risk/risk-changes';

/**
 * Copies the database now, beside the copies of every hour. For admins; the caller's right is checked before.
 * Errors: `conflict` while another is being made, and where the database is a server's.
 */
export async function makeBackup(ctx: UserContext, backups: Backups | null): Promise<Backup> {
  if (backups === null)
    throw new DeskError(
      'conflict',
      'The database of this desk is on a libSQL server, and is backed up there.',
    );
  const name = basename(await backups.make());
  const made = (await backups.list()).find((one) => one.name === name);
  if (made === undefined) throw new Error(`the backup ${name} has gone`);
  await ctx.database.write((db) =>
    db.batch([changeStatement(db, ctx, { subject: 'backups', action: 'backup', after: made })]),
  );
  ctx.log.info({ ...made, userId: ctx.actor.userId }, 'a backup was asked for');
  return made;
}

/** The copies there are, the newest first; none where the database is a server's. */
export async function listBackups(backups: Backups | null): Promise<{ backups: Backup[] }> {
  return { backups: backups === null ? [] : await backups.list() };
}
