'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Candle, Marker } from '../charts/candle';
import { useTRPC } from '../trpc/client';
import { HISTORY_QUERY, WORKING_QUERY } from '../trpc/portfolio/order-queries';
import { fillMarkers } from './fill-markers';

/** The user's own executions in a symbol, each at the bar it happened in. */
export function useFillMarkers(symbol: string, candles: readonly Candle[]): Marker[] {
  const trpc = useTRPC();
  const closed = useQuery(trpc.orders.list.queryOptions(HISTORY_QUERY)).data?.orders;
  // What has filled of an order that still works is in the position too.
  const working = useQuery(trpc.orders.list.queryOptions(WORKING_QUERY)).data?.orders;
  return useMemo(
    () =>
      fillMarkers(
        [...(closed ?? []), ...(working ?? [])].filter((order) => order.symbol === symbol),
        candles,
      ),
    [closed, working, symbol, candles],
  );
}
