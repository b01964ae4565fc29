import { z } from 'zod';
import { IN_FLIGHT } from '@/domain/order/status';
import { orderSchema } from '@/domain/order/order';
import { positionSchema } from '@/domain/account/position';
import { listPositions } from '@/server/services/positions/list-positions';
import { closePosition, closePositionInput } from '@/server/services/positions/close-position';
import { closePositions } from '@/server/services/positions/close-positions';
import {
  doNotExercise,
  exerciseOption,
  instructionSchema,
  optionInput,
} from '@/server/services/positions/exercise-option';
import { authedProcedure, router, tradingProcedure } from '@/server/trpc/init';

export const positionsRouter = router({
  list: authedProcedure
    .meta({
      summary: 'Open positions of an account',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/positions' }],
    })
    .input(z.strictObject({ accountId: z.string().max(64).optional() }).default({}))
    .output(z.object({ positions: z.array(positionSchema) }))
    .query(({ ctx, input }) => listPositions(ctx.services, input)),

  close: tradingProcedure
    .meta({
      summary: 'Close a position or a part of it',
      limit: 'orders',
      takesIdempotencyKey: true,
      pending: IN_FLIGHT,
      rest: [{ method: 'DELETE', path: '/api/v1/positions/{symbol}' }],
    })
    .input(closePositionInput)
    .output(orderSchema)
    .mutation(({ ctx, input }) => closePosition(ctx.services, input)),

  exercise: tradingProcedure
    .meta({
      summary: 'Exercise an option now: all contracts that no order holds. Asked again, nothing is left: 404',
      limit: 'orders',
      pending: ['unknown'],
      rest: [{ method: 'POST', path: '/api/v1/positions/{symbol}/exercise' }],
    })
    .input(optionInput)
    .output(instructionSchema)
    .mutation(({ ctx, input }) => exerciseOption(ctx.services, input)),

  doNotExercise: tradingProcedure
    .meta({
      summary: 'Let an option in the money expire on its last day. Asking again changes nothing',
      limit: 'orders',
      pending: ['unknown'],
      rest: [{ method: 'POST', path: '/api/v1/positions/{symbol}/do-not-exercise' }],
    })
    .input(optionInput)
    .output(instructionSchema)
    .mutation(({ ctx, input }) => doNotExercise(ctx.services, input)),

  closeAll: tradingProcedure
    .meta({
      summary: 'Close every position, after cancelling working orders if asked',
      limit: 'orders',
      rest: [{ method: 'DELETE', path: '/api/v1/positions' }],
    })
    .input(
      z
        .strictObject({
          accountId: z.string().max(64).optional(),
          cancelOrders: z.union([z.boolean(), z.stringbool()]).default(false),
        })
        .prefault({}),
    )
    .output(
      z.object({
        orders: z.array(orderSchema),
        failed: z.array(z.object({ symbol: z.string(), message: z.string() })),
      }),
    )
    .mutation(({ ctx, input }) => closePositions(ctx.services, input)),
});
