'use client';

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@/server/routers/root';
import { accountLink } from './accounts/account-link';
import { isSignedOut } from './errors';
import { observedEventSource } from './stream/observed-event-source';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

const URL = '/api/trpc';

/** The typed client of an account on show; `onLife` is called whenever the stream shows any sign of life. */
export function createClient(onLife: () => void, accountId: string | null) {
  return createTRPCClient<AppRouter>({
    links: [
      accountLink(accountId),
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url: URL, EventSource: observedEventSource(onLife) }),
        false: httpBatchLink({ url: URL, maxItems: 10, maxURLLength: 4000 }),
      }),
    ],
  });
}
export type Client = ReturnType<typeof createClient>;

/** `onSignedOut` is called when the server no longer knows the session. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (isSignedOut(error)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && !isSignedOut(error),
        refetchOnWindowFocus: true,
      },
      // An order is never sent twice by itself: whoever sends again does it with the same key.
      mutations: { retry: false },
    },
  });
}
