import { z } from 'zod';
import { orderSchema } from '@/domain/order/order';
import { ORDER_STATUSES, phaseOf } from '@/domain/order/status';
import { submitOrderInput } from '@/domain/order/submit-order';
import { cancelOrder } from '@/server/services/orders/cancel-order';
import { listOrders, listOrdersInput } from '@/server/services/orders/list-orders';
import { getOrder } from '@/server/services/orders/order-record';
import { submitOrder } from '@/server/services/orders/submit-order';
import { authedProcedure, router, tradingProcedure } from '@/server/trpc/init';

const IN_FLIGHT = ORDER_STATUSES.filter((status) => phaseOf(status) === 'in-flight');

const orderId = z.strictObject({ id: z.string().min(1).max(64) });

export const ordersRouter = router({
  submit: tradingProcedure
    .meta({
      summary: 'Submit an order',
      limit: 'orders',
      takesIdempotencyKey: true,
      pending: IN_FLIGHT,
      rest: [
        { method: 'POST', path: '/api/v1/stocks/order', status: 201 },
        { method: 'POST', path: '/api/v1/orders', status: 201 },
        { method: 'POST', path: '/api/v1/stocks/{symbol}/buy', status: 201, fixed: { side: 'buy' } },
        { method: 'POST', path: '/api/v1/stocks/{symbol}/sell', status: 201, fixed: { side: 'sell' } },
      ],
    })
    .input(submitOrderInput)
    .output(orderSchema)
    .mutation(({ ctx, input }) => submitOrder(ctx.services, input)),

  list: authedProcedure
    .meta({
      summary: 'Your orders, the newest first',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/orders' }],
    })
    .input(listOrdersInput.prefault({}))
    .output(z.object({ orders: z.array(orderSchema), nextCursor: z.string().nullable() }))
    .query(({ ctx, input }) => listOrders(ctx.services, input)),

  get: authedProcedure
    .meta({ summary: 'One order', limit: 'general', rest: [{ method: 'GET', path: '/api/v1/orders/{id}' }] })
    .input(orderId)
    .output(orderSchema)
    .query(({ ctx, input }) => getOrder(ctx.services, input)),

  cancel: tradingProcedure
    .meta({
      summary: 'Ask the venue to cancel an order',
      limit: 'general',
      rest: [{ method: 'DELETE', path: '/api/v1/orders/{id}' }],
    })
    .input(orderId)
    .output(orderSchema)
    .mutation(({ ctx, input }) => cancelOrder(ctx.services, input)),
});
