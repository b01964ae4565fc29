'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Timeframe } from '@/domain/market/bar';
import { useTRPC, useTRPCClient } from '../trpc/client';
import { mergeCandles } from './candles';

const PAGE = 300;
const TAIL_MS = 60_000;

/** The history of a symbol: a page at first, older ones on demand, the newest bars again every minute. */
export function useCandles(symbol: string, timeframe: Timeframe) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const history = useInfiniteQuery({
    queryKey: ['candles', symbol, timeframe],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const page = pageParam === '' ? {} : { end: pageParam };
      return client.bars.list.query({ symbol, timeframe, limit: PAGE, ...page }, { signal });
    },
    getNextPageParam: (page) => {
      const oldest = page.bars[0];
      return oldest === undefined ? null : new Date(Date.parse(oldest.time) - 1).toISOString();
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const tail = useQuery(
    trpc.bars.list.queryOptions({ symbol, timeframe, limit: 3 }, { refetchInterval: TAIL_MS }),
  );
  const candles = useMemo(
    () => mergeCandles(...(history.data?.pages ?? []).map((page) => page.bars), tail.data?.bars ?? []),
    [history.data, tail.data],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = history;
  return {
    candles: history.data === undefined ? null : candles,
    error: history.error,
    retry: () => void history.refetch(),
    loadOlder: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}
