'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { Timeframe } from '@/domain/market/bar';
import type { Candle } from '../charts/candle';
import { useStream } from '../trpc/stream/hooks';
import { liveCandle } from './live-candle';

const NOTHING = { get: () => null, subscribe: () => () => undefined };

/** The newest candle as trades come in; it starts anew each time the server's word on it arrives. */
export function useLiveCandle(
  symbol: string,
  timeframe: Timeframe,
  candles: readonly Candle[],
): Candle | null {
  const { quotes } = useStream();
  const newest = candles.at(-1);
  const source = useMemo(
    () => (newest === undefined ? NOTHING : liveCandle(quotes, symbol, timeframe, newest)),
    [quotes, symbol, timeframe, newest],
  );
  return useSyncExternalStore(source.subscribe, source.get, source.get);
}
