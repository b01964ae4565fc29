'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../trpc/client';

/** Asks again for the accounts and what holds for them, after one was added, changed, armed or disarmed. */
export function useStateChanged(): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () => {
    for (const queryKey of [
      trpc.connections.list.queryKey(),
      trpc.account.list.queryKey(),
      trpc.risk.profile.queryKey(),
      trpc.security.get.queryKey(),
    ])
      void queryClient.invalidateQueries({ queryKey });
  };
}
