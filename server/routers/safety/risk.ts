import { z } from 'zod';
import { submitOrderInput } from '@/domain/order/submit-order';
import { riskProfileSchema } from '@/domain/risk/profile';
import { KILL_SCOPES, LIVE_STOPS, RISK_ACTIONS } from '@/domain/risk/facts';
import { denialSchema } from '@/domain/risk/rules';
import { instant } from '@/domain/time';
import { TIERS } from '@/domain/user';
import { dryRunRisk } from '@/server/services/risk/dry-run-risk';
import {
  getRiskProfile,
  imposeLimits,
  listRiskChanges,
  putOnPlan,
  putRiskProfile,
} from '@/server/services/risk/risk-profile';
import {
  listSwitches,
  pullKillSwitch,
  pullWideSwitch,
  releaseKillSwitch,
  releaseWideSwitch,
} from '@/server/services/safety/kill-switch';
import { authedProcedure, riskProcedure, router, tradingProcedure } from '@/server/trpc/init';

const accountId = z.string().max(64).optional();
const answer = z.object({
  accountId: z.string(),
  blocked: z.enum(KILL_SCOPES).nullable().describe('whose kill switch is on, the widest'),
  liveStop: z
    .enum(LIVE_STOPS)
    .nullable()
    .describe(
      'why a live account lets only cancels and closing orders through; null when it is armed or not live',
    ),
  drifts: z.number().int().describe("in how many places the books differ from the broker's"),
  profile: riskProfileSchema.describe("the owner's limits"),
  imposed: riskProfileSchema.describe("the desk's limits; an order must pass both"),
});
const stopped = {
  cancelled: z.number().int(),
  closing: z.number().int(),
  failed: z.array(z.string()),
};
const pulled = z.object({
  switches: z.array(
    z.object({
      userId: z.string().nullable().describe('null when the whole desk is stopped'),
      by: z.string(),
      reason: z.string().nullable(),
      at: instant,
    }),
  ),
});
const userId = z.string().min(1).max(64);
const stop = { flatten: z.boolean().default(false), reason: z.string().trim().max(500).optional() };

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
        ...stopped,
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

  changes: authedProcedure
    .meta({
      summary: 'Who changed the limits and kill switches that hold for an account, the newest first',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/risk/changes' }],
    })
    .input(
      z
        .strictObject({
          accountId,
          limit: z.coerce.number().int().min(1).max(500).default(50),
          cursor: z.coerce.number().int().positive().optional(),
        })
        .prefault({}),
    )
    .output(
      z.object({
        changes: z.array(
          z.object({
            seq: z.number().int(),
            subject: z.string(),
            action: z.enum(RISK_ACTIONS),
            by: z.string(),
            before: z.unknown(),
            after: z.unknown(),
            at: instant,
          }),
        ),
        nextCursor: z.number().int().nullable(),
      }),
    )
    .query(({ ctx, input }) => listRiskChanges(ctx.services, input)),

  impose: riskProcedure
    .meta({
      summary: "Set the desk's limits for anyone's account; null gives back those of its owner's plan",
      limit: 'general',
      rest: [{ method: 'PUT', path: '/api/v1/risk/accounts/{account_id}/limits' }],
    })
    .input(z.strictObject({ accountId: userId, limits: riskProfileSchema.nullable() }))
    .output(answer)
    .mutation(({ ctx, input }) => imposeLimits(ctx.services, input)),

  plan: riskProcedure
    .meta({
      summary: "Put a user on a plan: it sets the desk's limits where none were set for an account",
      limit: 'general',
      rest: [{ method: 'PUT', path: '/api/v1/risk/users/{user_id}/plan' }],
    })
    .input(z.strictObject({ userId, plan: z.enum(TIERS) }))
    .output(z.object({ userId: z.string(), plan: z.enum(TIERS) }))
    .mutation(({ ctx, input }) => putOnPlan(ctx.services, input)),

  switches: riskProcedure
    .meta({
      summary: 'The kill switches of users and of the desk that are on',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/risk/switches' }],
    })
    .output(pulled)
    .query(({ ctx }) => listSwitches(ctx.services)),

  stop: riskProcedure
    .meta({
      summary: 'Stop a user, or without one the whole desk: block, cancel all, and close positions if asked',
      limit: 'general',
      rest: [
        { method: 'POST', path: '/api/v1/risk/users/{user_id}/stop' },
        { method: 'POST', path: '/api/v1/risk/desk/stop' },
      ],
    })
    .input(z.strictObject({ userId: userId.optional(), ...stop }).prefault({}))
    .output(z.object({ accounts: z.number().int(), ...stopped }))
    .mutation(({ ctx, input }) => pullWideSwitch(ctx.services, input)),

  resume: riskProcedure
    .meta({
      summary: 'Let a user, or without one the whole desk, trade again',
      limit: 'general',
      rest: [
        { method: 'POST', path: '/api/v1/risk/users/{user_id}/resume' },
        { method: 'POST', path: '/api/v1/risk/desk/resume' },
      ],
    })
    .input(z.strictObject({ userId: userId.optional() }).prefault({}))
    .output(pulled)
    .mutation(({ ctx, input }) => releaseWideSwitch(ctx.services, input)),
});
