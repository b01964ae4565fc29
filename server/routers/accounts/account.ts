import { z } from 'zod';
import { accountKind, accountSchema } from '@/domain/account/account';
import { getAccount } from '@/server/services/accounts/get-account';
import { listAccounts } from '@/server/services/accounts/list-accounts';
import { authedProcedure, router } from '@/server/trpc/init';

const accountSummary = z.object({
  id: z.string(),
  name: z.string(),
  kind: accountKind,
  isDefault: z.boolean(),
});

export const accountRouter = router({
  get: authedProcedure
    .meta({
      summary: 'Balances of an account',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/account' }],
    })
    .input(z.strictObject({ accountId: z.string().max(64).optional() }).default({}))
    .output(accountSchema)
    .query(({ ctx, input }) => getAccount(ctx.services, input)),

  list: authedProcedure
    .meta({ summary: 'Your accounts', limit: 'general' })
    .output(z.object({ accounts: z.array(accountSummary) }))
    .query(({ ctx }) => listAccounts(ctx.services)),
});
