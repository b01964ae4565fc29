'use client';

import { useQuery } from '@tanstack/react-query';
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { newestTime, type Quote, STALE_AFTER_MS } from '@/domain/market/quote';
import { useTRPC } from '../client';
import { type Connection, isTrusted } from './connection';
import type { QuoteStore } from './quote-store';
import type { OrderMessage, TabStream } from './tab-stream';
import { useNow } from './ticker';

export const StreamContext = createContext<TabStream | null>(null);

export function useStream(): TabStream {
  const stream = useContext(StreamContext);
  if (stream === null) throw new Error('useStream needs the DeskProvider above it');
  return stream;
}

const CONNECTING: Connection = { phase: 'connecting' };

export function useConnection(): Connection {
  const stream = useStream();
  return useSyncExternalStore(stream.onConnection, stream.getConnection, () => CONNECTING);
}

/** The newest quote of one symbol; renders again only when that symbol ticks. */
export function useQuote(symbol: string): Quote | null {
  const { quotes } = useStream();
  const subscribe = useCallback((wake: () => void) => quotes.subscribe(symbol, wake), [quotes, symbol]);
  return useSyncExternalStore(
    subscribe,
    () => quotes.get(symbol),
    () => null,
  );
}

/** Several symbols of the store as one value that changes when any of them ticks. */
function quotesSource(quotes: QuoteStore, symbols: readonly string[]) {
  const read = () =>
    new Map(
      symbols.flatMap((symbol) => {
        const quote = quotes.get(symbol);
        return quote === null ? [] : [[symbol, quote] as const];
      }),
    );
  let current = read();
  return {
    get: () => current,
    subscribe: (wake: () => void) => {
      const changed = () => {
        current = read();
        wake();
      };
      // A tick may have come between the first look and this moment.
      current = read();
      const stops = symbols.map((symbol) => quotes.subscribe(symbol, changed));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** The newest quotes of several symbols; renders again when any of them ticks. */
export function useQuotes(symbols: readonly string[]): ReadonlyMap<string, Quote> {
  const { quotes } = useStream();
  const key = symbols.join();
  const source = useMemo(() => quotesSource(quotes, key === '' ? [] : key.split(',')), [quotes, key]);
  return useSyncExternalStore(source.subscribe, source.get, source.get);
}

/** Asks the stream for symbols for as long as the component lives, and for a first quote of each. */
export function useWatch(symbols: readonly string[]): void {
  const stream = useStream();
  const trpc = useTRPC();
  const key = [...symbols].sort().join();
  useEffect(() => stream.want(key === '' ? [] : key.split(',')), [stream, key]);
  const first = useQuery(
    trpc.quotes.batch.queryOptions(
      { symbols: key.split(',') },
      { enabled: key !== '', staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
    ),
  );
  useEffect(() => {
    for (const quote of Object.values(first.data?.quotes ?? {})) {
      if (quote !== null) stream.quotes.put(quote);
    }
  }, [stream, first.data]);
}

/** Calls back for every order event, each exactly once. */
export function useOrderEvents(listener: (message: OrderMessage) => void): void {
  const stream = useStream();
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => stream.onOrder((message) => newest.current(message)), [stream]);
}

export type Freshness = {
  /** Age by the server's clock in milliseconds; null when not known. */
  ageMs: number | null;
  /** Too old, not known, or the stream is lost: not to be trusted. */
  stale: boolean;
};

/** How far a quote can be trusted now; renewed every second. */
export function useFreshness(quote: Quote | null): Freshness {
  const stream = useStream();
  const now = useNow();
  const trusted = isTrusted(useConnection());
  const time = quote === null ? null : newestTime(quote);
  const ageMs = time === null || now === 0 ? null : Math.max(0, now + stream.clockOffset - time);
  return { ageMs, stale: !trusted || ageMs === null || ageMs > STALE_AFTER_MS };
}
