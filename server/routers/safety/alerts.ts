import { orderSchema } from '@/domain/order/order';
import { IN_FLIGHT } from '@/domain/order/status';
import { alertsPage, listAlerts, listAlertsInput } from '@/server/services/safety/alert-record';
import { closeUnprotected, placeStopAgain, settleAlertInput } from '@/server/services/safety/settle-alert';
import { authedProcedure, router, tradingProcedure } from '@/server/trpc/init';

export const alertsRouter = router({
  list: authedProcedure
    .meta({
      summary: 'Positions whose stop does not work, though their order asked for one',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/alerts' }],
    })
    .input(listAlertsInput.prefault({}))
    .output(alertsPage)
    .query(({ ctx, input }) => listAlerts(ctx.services, input)),

  close: tradingProcedure
    .meta({
      summary: 'Close the shares that have no stop, at market; their other exit is cancelled first',
      limit: 'orders',
      takesIdempotencyKey: true,
      pending: IN_FLIGHT,
      rest: [{ method: 'POST', path: '/api/v1/alerts/{id}/close', status: 201 }],
    })
    .input(settleAlertInput)
    .output(orderSchema)
    .mutation(({ ctx, input }) => closeUnprotected(ctx.services, input)),

  placeStop: tradingProcedure
    .meta({
      summary: 'Place the lost stop again as it was asked for, with the other exit if that still works',
      limit: 'orders',
      takesIdempotencyKey: true,
      pending: IN_FLIGHT,
      rest: [{ method: 'POST', path: '/api/v1/alerts/{id}/stop', status: 201 }],
    })
    .input(settleAlertInput)
    .output(orderSchema)
    .mutation(({ ctx, input }) => placeStopAgain(ctx.services, input)),
});
