'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { exact } from '@/domain/money';
import type { Candle, Marker } from '../charts/candle';
import { useTRPC } from '../trpc/client';
import { HISTORY_QUERY } from '../trpc/portfolio/order-queries';
import { barAt } from './bar-at';

/** The user's own executions in a symbol, each at the bar it happened in. */
export function useFillMarkers(symbol: string, candles: readonly Candle[]): Marker[] {
  const trpc = useTRPC();
  const orders = useQuery(trpc.orders.list.queryOptions(HISTORY_QUERY)).data?.orders;
  return useMemo(() => {
    const own = (orders ?? []).filter((order) => order.symbol === symbol && order.filledAvgPrice !== null);
    return own
      .flatMap((order): Marker[] => {
        if (order.filledAvgPrice === null) return [];
        const time = barAt(candles, Date.parse(order.closedAt ?? order.updatedAt) / 1000);
        if (time === null) return [];
        const price = exact(order.filledAvgPrice);
        const text = `${order.filledQty} @ ${price.toFixed(price.gte(1) ? 2 : 4)}`;
        return [{ id: order.id, time, side: order.side, price: price.toNumber(), text }];
      })
      .sort((a, b) => a.time - b.time);
  }, [orders, symbol, candles]);
}
