import { z } from 'zod';
import { submitOrderInput } from '@/domain/order/submit-order';
import { riskProfileSchema } from '@/domain/risk/profile';
import { denialSchema } from '@/domain/risk/rules';
import { dryRunRisk } from '@/server/services/risk/dry-run-risk';
import { getRiskProfile, putRiskProfile } from '@/server/services/risk/risk-profile';
import { pullKillSwitch, releaseKillSwitch } from '@/server/services/safety/kill-switch';
import { authedProcedure, router, tradingProcedure } from '@/server/trpc/init';

const accountId = z.string().max(64).optional();
const answer = z.object({ accountId: z.string(), blocked: z.boolean(), profile: riskProfileSchema });

export const riskRouter = router({
  profile: authedProcedure
    .meta({
      summary: 'The limits that hold for an account',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/risk/profile' }],
    })
    .input(z.strictObject({ accountId }).prefault({}))
    .output(answer)
    .query(({ ctx, input }) => getRiskProfile(ctx.services, input)),

  update: tradingProcedure
    .meta({
      summary: "Set an account's limits",
      limit: 'general',
      rest: [{ method: 'PUT', path: '/api/v1/risk/profile' }],
    })
    .input(z.strictObject({ accountId, profile: riskProfileSchema }))
    .output(answer)
    .mutation(({ ctx, input }) => putRiskProfile(ctx.services, input)),

  check: authedProcedure
    .meta({
      summary: 'Would this order pass your limits? Nothing is sent',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/risk/check' }],
    })
    .input(submitOrderInput)
    .output(z.object({ allowed: z.boolean(), denials: z.array(denialSchema) }))
    .query(({ ctx, input }) => dryRunRisk(ctx.services, input)),

  kill: tradingProcedure
    .meta({
      summary: 'Kill switch: block an account, cancel its orders, and close its positions if asked',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/risk/kill' }],
    })
    .input(z.strictObject({ accountId, flatten: z.boolean().default(false) }).prefault({}))
    .output(
      z.object({
        accountId: z.string(),
        blocked: z.boolean(),
        cancelled: z.number().int(),
        closing: z.number().int(),
        failed: z.array(z.string()),
      }),
    )
    .mutation(({ ctx, input }) => pullKillSwitch(ctx.services, input)),

  release: tradingProcedure
    .meta({
      summary: 'Release the kill switch of an account',
      limit: 'general',
      rest: [{ method: 'POST', path: '/api/v1/risk/release' }],
    })
    .input(z.strictObject({ accountId }).prefault({}))
    .output(z.object({ accountId: z.string(), blocked: z.boolean() }))
    .mutation(({ ctx, input }) => releaseKillSwitch(ctx.services, input)),
});
