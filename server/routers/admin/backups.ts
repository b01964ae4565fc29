import { z } from 'zod';
import { instant } from '@/domain/time';
import { listBackups, makeBackup } from '@/server/services/system/backups';
import { adminProcedure, router } from '@/server/trpc/init';

const backup = z.object({
  name: z.string().describe('its file in DATA_DIR/backups'),
  bytes: z.number().int().positive(),
  madeAt: instant.describe('when it was finished'),
});

export const backupsRouter = router({
  list: adminProcedure
    .meta({
      summary: 'Copies of the database, the newest first; none where it is on a libSQL server',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/system/backups' }],
    })
    .output(z.object({ backups: z.array(backup) }))
    .query(({ ctx }) => listBackups(ctx.backups)),

  create: adminProcedure
    .meta({
      summary: 'Copy the database now, and check the copy; 409 while another is being made',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/system/backups' }],
    })
    .output(backup)
    .mutation(({ ctx }) => makeBackup(ctx.services, ctx.backups)),
});
