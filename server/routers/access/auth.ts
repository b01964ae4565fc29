import { z } from 'zod';
import { secondFactorCode } from '@/domain/second-factor';
import { registerInput, userSchema } from '@/domain/user';
import { getUser } from '@/server/services/users/get-user';
import { authedProcedure, publicProcedure, router } from '@/server/trpc/init';

const tokenPair = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  tokenType: z.literal('bearer'),
  expiresIn: z.number().int().describe('seconds'),
});

/** A login by username or e-mail, in either field, as older clients send it. */
const loginInput = z
  .strictObject({
    username: z.string().trim().min(1).max(254).optional(),
    email: z.string().trim().min(1).max(254).optional(),
    password: z.string().min(1).max(1024),
    code: secondFactorCode
      .optional()
      .describe('of the second factor, for users who have one; without it they get code_required'),
  })
  .refine((input) => (input.username === undefined) !== (input.email === undefined), {
    path: ['username'],
    message: 'or email is required, one of them',
  });

export const authRouter = router({
  register: publicProcedure
    .meta({
      summary: 'Sign up',
      limit: 'auth',
      rest: [{ method: 'POST', path: '/api/v1/auth/register', status: 201, pick: 'user' }],
    })
    .input(registerInput)
    .output(z.object({ user: userSchema }))
    .mutation(async ({ ctx, input }) => ({ user: await ctx.auth.register(ctx.services, input) })),

  login: publicProcedure
    .meta({
      summary: 'Get an access token and a refresh token',
      limit: 'auth',
      rest: [
        { method: 'POST', path: '/api/v1/auth/login' },
        { method: 'POST', path: '/auth/login' },
      ],
    })
    .input(loginInput)
    .output(tokenPair.extend({ user: userSchema }))
    .mutation(({ ctx, input }) =>
      ctx.auth.login(ctx.services, {
        login: input.username ?? input.email ?? '',
        password: input.password,
        code: input.code,
      }),
    ),

  refresh: publicProcedure
    .meta({
      summary: 'Change a refresh token for a new pair',
      limit: 'auth',
      rest: [
        { method: 'POST', path: '/api/v1/auth/refresh' },
        { method: 'POST', path: '/auth/refresh' },
      ],
    })
    .input(z.strictObject({ refreshToken: z.string().min(1).max(256) }))
    .output(tokenPair)
    .mutation(({ ctx, input }) => ctx.auth.refresh(input.refreshToken)),

  logout: authedProcedure
    .meta({
      summary: 'End this session',
      limit: 'general',
      rest: [
        { method: 'POST', path: '/api/v1/auth/logout', status: 204 },
        { method: 'POST', path: '/auth/logout', status: 204 },
      ],
    })
    .output(z.object({ signedOut: z.literal(true) }))
    .mutation(async ({ ctx }) => {
      await ctx.auth.logout(ctx.services.actor.sessionId);
      return { signedOut: true };
    }),

  me: authedProcedure
    .meta({
      summary: 'The signed-in user',
      limit: 'general',
      rest: [
        { method: 'GET', path: '/api/v1/users/me' },
        { method: 'GET', path: '/api/v1/auth/profile' },
      ],
    })
    .output(userSchema)
    .query(({ ctx }) => getUser(ctx.services)),
});
