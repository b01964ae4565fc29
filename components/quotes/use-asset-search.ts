'use client';

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Asset } from '@/domain/market/asset';
import { useTRPC } from '../trpc/client';

const PAUSE_MS = 200;
const LIMIT = 8;
const NONE: Asset[] = [];

/** Listed symbols that match, asked for once typing pauses. */
export function useAssetSearch(text: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const wanted = text.trim();
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), wanted === '' ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const search = useQuery(
    trpc.assets.search.queryOptions(
      { query: asked, limit: LIMIT },
      { enabled: asked !== '', staleTime: 600_000, placeholderData: keepPreviousData },
    ),
  );
  const isSettled = asked === wanted && !search.isFetching;
  return {
    assets: wanted === '' ? NONE : (search.data?.assets ?? NONE),
    isSettled,
    /** The matches of the text as it stands, without waiting for the pause; none when it fails. */
    findNow: async (): Promise<Asset[]> => {
      setAsked(wanted);
      const options = trpc.assets.search.queryOptions({ query: wanted, limit: LIMIT });
      const found = await queryClient.fetchQuery({ ...options, staleTime: 600_000 }).catch(() => null);
      return found?.assets ?? NONE;
    },
  };
}
