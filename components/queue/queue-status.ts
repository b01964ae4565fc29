import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '@/server/routers/root';

export type QueueStatus = inferRouterOutputs<AppRouter>['queue']['status'];
