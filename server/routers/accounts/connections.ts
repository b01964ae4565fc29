import { z } from 'zod';
import { accountKind } from '@/domain/account/account';
import { connectionSchema } from '@/domain/account/connection';
import { instant } from '@/domain/time';
import { addLive, addLiveInput, addPaper, addPaperInput } from '@/server/services/connections/add-connection';
import { addGatewayAccount, addGatewayAccountInput } from '@/server/services/connections/add-gateway-account';
import { listConnections } from '@/server/services/connections/list-connections';
import { armLive } from '@/server/services/connections/arm-live';
import { removeConnection } from '@/server/services/connections/remove-connection';
import { replaceKeys, replaceKeysInput } from '@/server/services/connections/replace-keys';
import { testConnection } from '@/server/services/connections/test-connection';
import { updateConnection, updateConnectionInput } from '@/server/services/connections/update-connection';
import { disarmLive } from '@/server/services/safety/disarm-live';
import { adminProcedure, authedProcedure, router, tradingProcedure } from '@/server/trpc/init';

const accountId = z.string().min(1).max(64);

export const connectionsRouter = router({
  list: authedProcedure
    .meta({
      summary: 'Your accounts and how they are reached',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/connections' }],
    })
    .output(
      z.object({
        connections: z.array(connectionSchema),
        liveTrading: z.boolean().describe('whether live accounts may be added and armed on this desk'),
        gateway: z.boolean().describe('whether this desk has a gateway of Interactive Brokers'),
        most: z.number().int().describe('how many there may be'),
      }),
    )
    .query(({ ctx }) => listConnections(ctx.services)),

  add: tradingProcedure
    .meta({
      summary: 'Add an Alpaca paper account by its keys, or without keys a simulated one',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/connections', status: 201 }],
    })
    .input(addPaperInput)
    .output(connectionSchema)
    .mutation(({ ctx, input }) => addPaper(ctx.services, input)),

  addLive: tradingProcedure
    .meta({
      summary: 'Add an Alpaca live account, disarmed; needs a fresh code of your second factor',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/connections/live', status: 201 }],
    })
    .input(addLiveInput)
    .output(connectionSchema)
    .mutation(({ ctx, input }) => addLive(ctx.services, input)),

  addIbkr: adminProcedure
    .meta({
      summary:
        'Add a paper account behind the desk’s gateway of Interactive Brokers to your own; admins only',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/connections/ibkr', status: 201 }],
    })
    .input(addGatewayAccountInput)
    .output(connectionSchema)
    .mutation(({ ctx, input }) => addGatewayAccount(ctx.services, input)),

  test: authedProcedure
    .meta({
      summary: 'Ask an account’s broker whether its keys work',
      limit: 'general',
      rest: [
        { method: 'GET', path: '/api/v1/test-connection' },
        { method: 'GET', path: '/api/v1/connections/{account_id}/test' },
      ],
    })
    .input(z.strictObject({ accountId: accountId.optional() }).prefault({}))
    .output(
      z.object({
        accountId: z.string(),
        kind: accountKind,
        accountNumber: z.string(),
        status: z.string(),
        tradingBlocked: z.boolean(),
        latencyMs: z.number().int(),
      }),
    )
    .query(({ ctx, input }) => testConnection(ctx.services, input)),

  update: tradingProcedure
    .meta({
      summary: 'Rename an account, or make it the default; a live one never is',
      limit: 'general',
      rest: [{ method: 'PATCH', path: '/api/v1/connections/{account_id}' }],
    })
    .input(updateConnectionInput)
    .output(connectionSchema)
    .mutation(({ ctx, input }) => updateConnection(ctx.services, input)),

  replaceKeys: tradingProcedure
    .meta({
      summary: 'Give an account new keys to the same account at the broker; a live one is disarmed',
      limit: 'auth',
      rest: [{ method: 'PUT', path: '/api/v1/connections/{account_id}/keys' }],
    })
    .input(replaceKeysInput)
    .output(connectionSchema)
    .mutation(({ ctx, input }) => replaceKeys(ctx.services, input)),

  remove: tradingProcedure
    .meta({
      summary: 'Remove an account: its keys are deleted, its history stays',
      limit: 'general',
      rest: [{ method: 'DELETE', path: '/api/v1/connections/{account_id}' }],
    })
    .input(z.strictObject({ accountId }))
    .output(z.object({ accountId: z.string() }))
    .mutation(({ ctx, input }) => removeConnection(ctx.services, input)),

  arm: tradingProcedure
    .meta({
      summary: 'Let orders to a live account through for 12 hours; needs a fresh code and the typed phrase',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/connections/{account_id}/arm' }],
    })
    .input(
      z.strictObject({
        accountId,
        confirmation: z.string().max(200).describe('"trade live" and the account number'),
      }),
    )
    .output(z.object({ accountId: z.string(), armedUntil: instant }))
    .mutation(({ ctx, input }) => armLive(ctx.services, input)),

  // Stopping takes no right to trade: an owner who may only look may still stop, and so may a risk officer.
  disarm: authedProcedure
    .meta({
      summary: 'Disarm a live account at once: yours, or as a risk officer anyone’s',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/connections/{account_id}/disarm' }],
    })
    .input(z.strictObject({ accountId }))
    .output(
      z.object({
        accountId: z.string(),
        stopped: z.number().int().describe('orders on their way that were stopped'),
        working: z.number().int().describe('orders that still work at the broker; cancel them if unwanted'),
      }),
    )
    .mutation(({ ctx, input }) => disarmLive(ctx.services, input)),
});
