import type { inferRouterInputs } from '@trpc/server';
import type { AppRouter } from '@/server/routers/root';

type ListInput = inferRouterInputs<AppRouter>['orders']['list'];

/** The lists of orders the desk shows; one input each, so that every panel shares one answer. */
export const WORKING_QUERY = { status: 'open', limit: 100 } as const satisfies ListInput;
export const HISTORY_QUERY = { status: 'closed', limit: 100 } as const satisfies ListInput;
