'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Candle, Marker } from '../charts/candle';
import { useTRPC } from '../trpc/client';
import { HISTORY_QUERY } from '../trpc/portfolio/order-queries';
import { fillMarkers } from './fill-markers';

/** The user's own executions in a symbol, each at the bar it happened in. */
export function useFillMarkers(symbol: string, candles: readonly Candle[]): Marker[] {
  const trpc = useTRPC();
  const orders = useQuery(trpc.orders.list.queryOptions(HISTORY_QUERY)).data?.orders;
  return useMemo(
    () =>
      fillMarkers(
        (orders ?? []).filter((order) => order.symbol === symbol),
        candles,
      ),
    [orders, symbol, candles],
  );
}
