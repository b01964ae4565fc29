import { initTRPC } from '@trpc/server';
import { may, type Permission } from '@/domain/actor';
import { DeskError } from '@/domain/errors';
import type { ServiceContext, UserContext } from '@/server/services/context';
import type { TrpcContext } from './context';
import { publicError } from './errors';
import type { ProcedureMeta } from './meta';

/** How often a quiet stream says it is alive, and after how long a client should doubt it. */
export const STREAM_PING_MS = 1_000;
export const STREAM_INACTIVITY_MS = 5_000;

const t = initTRPC
  .context<TrpcContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    sse: {
      ping: { enabled: true, intervalMs: STREAM_PING_MS },
      client: { reconnectAfterInactivityMs: STREAM_INACTIVITY_MS },
    },
    errorFormatter({ shape, error, ctx }) {
      const { status, message, ...rest } = publicError(error);
      return {
        code: shape.code,
        message,
        data: { ...rest, httpStatus: status, requestId: ctx?.requestId ?? null },
      };
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** The ladder: who may call. A rung adds no more than one hop to the hot path. */
function signedIn(services: ServiceContext): UserContext {
  const { actor } = services;
  if (actor.kind !== 'user')
    throw new DeskError('unauthenticated', 'Sign in first, or send a valid access token.');
  return { ...services, actor };
}

function permitted(services: ServiceContext, wanted: Permission): UserContext {
  const user = signedIn(services);
  if (may(user.actor, wanted)) return user;
  throw new DeskError(
    'forbidden',
    `Your role, ${user.actor.role}, does not include the permission "${wanted}". Ask an admin of this desk.`,
  );
}

export const publicProcedure = t.procedure;
export const quoteProcedure = t.procedure.use(({ ctx, next }) => {
  if (!ctx.publicQuotes) signedIn(ctx.services);
  return next();
});
export const authedProcedure = t.procedure.use(({ ctx, next }) =>
  next({ ctx: { services: permitted(ctx.services, 'read') } }),
);
export const tradingProcedure = t.procedure.use(({ ctx, next }) =>
  next({ ctx: { services: permitted(ctx.services, 'trade') } }),
);
/** For risk officers and admins: it reaches beyond the caller's own accounts. */
export const riskProcedure = t.procedure.use(({ ctx, next }) =>
  next({ ctx: { services: permitted(ctx.services, 'risk') } }),
);
/** For admins: it shows or changes what belongs to the whole desk. */
export const adminProcedure = t.procedure.use(({ ctx, next }) =>
  next({ ctx: { services: permitted(ctx.services, 'admin') } }),
);
