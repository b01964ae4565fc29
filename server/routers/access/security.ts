import { z } from 'zod';
import { secondFactorCode, secondFactorSchema } from '@/domain/second-factor';
import { instant } from '@/domain/time';
import { getSecondFactor, renewRecoveryCodes } from '@/server/services/security/enrolment';
import { confirmSecondFactor } from '@/server/services/security/fresh';
import { authedProcedure, router } from '@/server/trpc/init';

const password = z.string().min(1).max(1024);
const recoveryCodes = z.object({
  recoveryCodes: z.array(z.string()).describe('shown in this answer and never again; each works once'),
});

/** The second factor of the caller. What takes a code or the password is limited as strictly as signing in. */
export const securityRouter = router({
  get: authedProcedure
    .meta({
      summary: 'Your second factor, and until when this session needs no new code',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/auth/second-factor' }],
    })
    .output(secondFactorSchema)
    .query(({ ctx }) => getSecondFactor(ctx.services)),

  enrol: authedProcedure
    .meta({
      summary: 'Begin to set up an authenticator; its secret is in this answer only',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/auth/second-factor', status: 201 }],
    })
    .input(z.strictObject({ password }))
    .output(z.object({ secret: z.string().describe('base32'), uri: z.string().describe('otpauth://') }))
    .mutation(({ ctx, input }) => ctx.auth.enrol(ctx.services, input)),

  confirmEnrolment: authedProcedure
    .meta({
      summary: 'Finish setting up by a first code; ends your other sessions and gives the recovery codes',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/auth/second-factor/enrolment' }],
    })
    .input(z.strictObject({ code: secondFactorCode }))
    .output(recoveryCodes)
    .mutation(({ ctx, input }) => ctx.auth.confirmEnrolment(ctx.services, input)),

  confirm: authedProcedure
    .meta({
      summary: 'Prove the second factor for this session; sensitive acts pass for five minutes',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/auth/second-factor/confirm' }],
    })
    .input(z.strictObject({ code: secondFactorCode }))
    .output(z.object({ freshUntil: instant.nullable() }))
    .mutation(({ ctx, input }) => confirmSecondFactor(ctx.services, input)),

  renewRecoveryCodes: authedProcedure
    .meta({
      summary: 'New recovery codes in place of the old; needs a fresh code',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/auth/second-factor/recovery-codes' }],
    })
    .output(recoveryCodes)
    .mutation(({ ctx }) => renewRecoveryCodes(ctx.services)),

  disable: authedProcedure
    .meta({
      summary: 'Take the second factor away; disarms your live accounts',
      limit: 'auth',
      rest: [{ method: 'DELETE', path: '/api/v1/auth/second-factor' }],
    })
    .input(z.strictObject({ password, code: secondFactorCode }))
    .output(secondFactorSchema)
    .mutation(({ ctx, input }) => ctx.auth.disableSecondFactor(ctx.services, input)),
});
