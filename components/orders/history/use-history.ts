'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect } from 'react';
import { useTRPC, useTRPCClient } from '../../trpc/client';
import { HISTORY_QUERY } from '../../trpc/portfolio/order-queries';
import { askedSymbol, type HistoryFilter, historyRows } from './history-filter';

const PAGE = 100;
const NO_CURSOR: string | null = null;

/** Closed orders under a filter, a page at a time; what closes meanwhile joins by itself. */
export function useHistory(filter: HistoryFilter) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const live = useQuery(trpc.orders.list.queryOptions(HISTORY_QUERY, { staleTime: 60_000 }));
  const symbol = useDeferredValue(askedSymbol(filter.symbol));
  const asked = { status: 'closed', limit: PAGE, ...(typeof symbol === 'string' ? { symbol } : {}) } as const;
  // Not by tRPC's own infinite query: it sends a `direction` that the strict input refuses.
  const pages = useInfiniteQuery({
    queryKey: [...trpc.orders.list.queryKey(asked), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      client.orders.list.query(
        { ...asked, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page) => page.nextCursor,
    enabled: symbol !== null,
    staleTime: 60_000,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  const rows = historyRows(live.data?.orders ?? [], pages.data?.pages ?? [], filter);
  // The server does not filter by ending: pages without a match are read on until one has some.
  const isHungry = filter.ending !== 'all' && rows.length === 0 && hasNextPage;
  useEffect(() => {
    if (isHungry && !isFetching && !isError) void fetchNextPage();
  }, [isHungry, isFetching, isError, fetchNextPage]);
  return {
    rows,
    isLoading: symbol !== null && pages.data === undefined && live.data === undefined,
    isSearching: isFetching && rows.length === 0,
    error: pages.data === undefined && live.data === undefined ? (live.error ?? pages.error) : null,
    retry: () => void Promise.all([live.refetch(), pages.refetch()]),
    hasMore: hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => void fetchNextPage(),
  };
}
