import { z } from 'zod';
import { instant } from '@/domain/time';
import { queueStatus } from '@/server/services/queue/queue-status';
import { adminProcedure, router } from '@/server/trpc/init';

const orders = z.number().int().nonnegative();

const status = z.object({
  at: instant,
  depth: orders.describe('orders taken in and not answered by their venue, over all processes'),
  waiting: orders.describe(
    'orders that have not left: they wait for their turn, or because their venue asked to; of this process where it alone sends, else of all',
  ),
  inFlight: orders.describe('orders that are being sent, by this process where it alone sends, else by all'),
  inDoubt: orders.describe('orders whose answer was lost; their venue is being asked'),
  inReview: orders.describe('orders that a person must look at'),
  failedToday: orders.describe(
    'orders since midnight in New York that a venue rejected or that waited too long',
  ),
  oldestAt: instant.nullable().describe('when the oldest order without an answer was made'),
  oldestAgeMs: z.number().nonnegative().nullable(),
  paused: z
    .array(
      z.object({
        accountId: z.string(),
        owner: z.string(),
        until: instant.nullable().describe('null when another process knows it'),
      }),
    )
    .describe('accounts that wait because their venue answered 429'),
  workers: z
    .array(
      z.object({
        id: z.string(),
        kind: z.enum(['desk', 'worker']),
        pid: z.number().int(),
        isThis: z.boolean().describe('the process that answers'),
        startedAt: instant,
        seenAt: instant,
        orders: orders.describe('unanswered orders that it holds the lease of'),
      }),
    )
    .describe('processes that send orders'),
  isShared: z.boolean().describe('whether workers may send beside the desk: with Redis, and a libSQL server'),
  wakeUps: z
    .object({ waiting: orders, active: orders, delayed: orders, failed: orders })
    .nullable()
    .describe('jobs in BullMQ; null where this process alone sends, and while Redis does not answer'),
  redis: z.enum(['off', 'up', 'down']).describe('Redis carries limits and wake-ups; no order is in it'),
});

export const queueRouter = router({
  status: adminProcedure
    .meta({
      summary: 'Orders on their way to the venues, and the processes that send them',
      limit: 'general',
      rest: [
        { method: 'GET', path: '/api/v1/queue/status' },
        { method: 'GET', path: '/queue/status' },
      ],
    })
    .output(status)
    .query(async ({ ctx }) => ({ ...(await queueStatus(ctx.services)), redis: ctx.redis })),
});
