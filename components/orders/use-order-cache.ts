'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Order } from '@/domain/order/order';
import { useAccountScope } from '../trpc/accounts/scope';
import { useTRPC } from '../trpc/client';
import { HISTORY_QUERY, WORKING_QUERY } from '../trpc/portfolio/order-queries';
import { hear } from './heard-orders';
import { isNews, withOrder } from './order-lists';

/** Puts an order's newest state into the lists on screen without asking the server. */
export function useOrderCache() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { accountId } = useAccountScope();
  return useMemo(
    () => ({
      put: (order: Order) => {
        if (!hear(queryClient, order)) return;
        // Events come of all the user's accounts; the lists are those of the one on show.
        if (order.accountId !== accountId) return;
        const queries = [WORKING_QUERY, HISTORY_QUERY];
        const known = queries.flatMap(
          (query) => queryClient.getQueryData(trpc.orders.list.queryKey(query))?.orders ?? [],
        );
        if (!isNews(known, order)) return;
        for (const query of queries) {
          queryClient.setQueryData(
            trpc.orders.list.queryKey(query),
            (old) => old && { ...old, orders: withOrder(old.orders, order, query.status) },
          );
        }
      },
    }),
    [trpc, queryClient, accountId],
  );
}
