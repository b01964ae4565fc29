import { z } from 'zod';
import { orderEventSchema } from '@/domain/order/event';
import { orderSchema } from '@/domain/order/order';
import { replaceOrderInput } from '@/domain/order/replace-order';
import { IN_FLIGHT } from '@/domain/order/status';
import { tradedSymbol } from '@/domain/market/symbols';
import { submitOrderInput } from '@/domain/order/submit-order';
import { cancelOrder } from '@/server/services/orders/cancel-order';
import { dismissOrder } from '@/server/services/orders/dismiss-order';
import { listOrderEvents } from '@/server/services/orders/list-order-events';
import { listOrders, listOrdersInput } from '@/server/services/orders/list-orders';
import { getOrder } from '@/server/services/orders/order-record';
import { cancelOrders } from '@/server/services/orders/cancel-orders';
import { replaceOrder } from '@/server/services/orders/replacing/replace-order';
import { submitOrder } from '@/server/services/orders/submit-order';
import { authedProcedure, router, tradingProcedure } from '@/server/trpc/init';

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
        { method: 'POST', path: '/api/v1/options/order', status: 201 },
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

  dismiss: tradingProcedure
    .meta({
      summary: 'Close an order in review: you know that the venue never had it',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/orders/{id}/dismiss' }],
    })
    .input(orderId)
    .output(orderSchema)
    .mutation(({ ctx, input }) => dismissOrder(ctx.services, input)),

  replace: tradingProcedure
    .meta({
      summary: 'Change a working order',
      limit: 'orders',
      pending: IN_FLIGHT,
      rest: [{ method: 'PATCH', path: '/api/v1/orders/{id}' }],
    })
    .input(replaceOrderInput)
    .output(orderSchema)
    .mutation(({ ctx, input }) => replaceOrder(ctx.services, input)),

  cancelAll: tradingProcedure
    .meta({
      summary: 'Ask the venue to cancel every working order, or those of one symbol',
      limit: 'general',
      rest: [{ method: 'DELETE', path: '/api/v1/orders' }],
    })
    .input(
      z
        .strictObject({ accountId: z.string().max(64).optional(), symbol: tradedSymbol.optional() })
        .prefault({}),
    )
    .output(
      z.object({
        requested: z.array(orderSchema),
        failed: z.array(z.object({ id: z.string(), message: z.string() })),
      }),
    )
    .mutation(({ ctx, input }) => cancelOrders(ctx.services, input)),

  events: authedProcedure
    .meta({
      summary: "An order's story, event by event",
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/orders/{id}/events' }],
    })
    .input(orderId)
    .output(z.object({ events: z.array(orderEventSchema) }))
    .query(({ ctx, input }) => listOrderEvents(ctx.services, input)),
});
