import { z } from 'zod';
import { deliverySchema, webhookSchema } from '@/domain/webhook/hook';
import { createHook, createHookInput } from '@/server/services/webhooks/create-hook';
import { listDeliveries, listDeliveriesInput } from '@/server/services/webhooks/delivery-log';
import { listHooks, listHooksInput } from '@/server/services/webhooks/list-hooks';
import { alertPreview, previewAlert, previewAlertInput } from '@/server/services/webhooks/preview-alert';
import {
  deleteHook,
  hookIdInput,
  rotateHookSecret,
  updateHook,
  updateHookInput,
} from '@/server/services/webhooks/update-hook';
import { authedProcedure, router, tradingProcedure } from '@/server/trpc/init';

const withSecret = z.object({
  webhook: webhookSchema,
  secret: z.string().describe('shown in this answer and never again'),
});

export const webhooksRouter = router({
  list: authedProcedure
    .meta({
      summary: 'Your webhooks, the newest first',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/webhooks' }],
    })
    .input(listHooksInput.prefault({}))
    .output(z.object({ webhooks: z.array(webhookSchema) }))
    .query(({ ctx, input }) => listHooks(ctx.services, input)),

  create: tradingProcedure
    .meta({
      summary: 'Make a webhook for an account; its secret is in this answer only',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/webhooks', status: 201 }],
    })
    .input(createHookInput)
    .output(withSecret)
    .mutation(({ ctx, input }) => createHook(ctx.services, input)),

  update: tradingProcedure
    .meta({
      summary: 'Rename, enable or disable a webhook, or change its limits and mapping',
      limit: 'general',
      rest: [{ method: 'PATCH', path: '/api/v1/webhooks/{id}' }],
    })
    .input(updateHookInput)
    .output(webhookSchema)
    .mutation(({ ctx, input }) => updateHook(ctx.services, input)),

  rotate: tradingProcedure
    .meta({
      summary: 'Give a webhook a new secret; the old one ends at once',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/webhooks/{id}/rotate' }],
    })
    .input(hookIdInput)
    .output(withSecret)
    .mutation(({ ctx, input }) => rotateHookSecret(ctx.services, input)),

  delete: tradingProcedure
    .meta({
      summary: 'Delete a webhook; its log stays',
      limit: 'general',
      rest: [{ method: 'DELETE', path: '/api/v1/webhooks/{id}' }],
    })
    .input(hookIdInput)
    .output(webhookSchema)
    .mutation(({ ctx, input }) => deleteHook(ctx.services, input)),

  preview: authedProcedure
    .meta({
      summary: 'What a sample alert would become, with the risk verdict; nothing is sent',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/webhooks/{id}/preview' }],
    })
    .input(previewAlertInput)
    .output(alertPreview)
    // Not a query: those travel in addresses, and a sample may carry the token.
    .mutation(({ ctx, input }) => previewAlert(ctx.services, input)),

  deliveries: authedProcedure
    .meta({
      summary: "A webhook's log, the newest first",
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/webhooks/{id}/deliveries' }],
    })
    .input(listDeliveriesInput)
    .output(z.object({ deliveries: z.array(deliverySchema), nextCursor: z.number().int().nullable() }))
    .query(({ ctx, input }) => listDeliveries(ctx.services, input)),
});
