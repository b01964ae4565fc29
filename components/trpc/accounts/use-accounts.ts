'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Connection } from '@/domain/account/connection';
import { useTRPC } from '../client';
import { useAccountScope } from './scope';

const REFETCH_MS = 30_000;

/** The user's accounts and whether live ones may be added; undefined while loading. */
export function useAccounts() {
  const trpc = useTRPC();
  return useQuery(trpc.connections.list.queryOptions(undefined, { refetchInterval: REFETCH_MS }));
}

/** The account on show, with its live switch; undefined while loading. */
export function useShownAccount(): Connection | undefined {
  const { accountId } = useAccountScope();
  return useAccounts().data?.connections.find(({ id }) => id === accountId);
}

/** Goes back to the default account when the one on show is gone, or was somebody else's. */
export function useKnownAccount(): void {
  const { accountId, choose } = useAccountScope();
  const connections = useAccounts().data?.connections;
  useEffect(() => {
    if (connections === undefined || connections.some(({ id }) => id === accountId)) return;
    const fallback = connections.find(({ isDefault }) => isDefault);
    if (fallback !== undefined) choose(fallback.id);
  }, [connections, accountId, choose]);
}
