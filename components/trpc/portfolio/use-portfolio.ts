'use client';

import { useQuery } from '@tanstack/react-query';
import { classOf } from '@/domain/market/symbols';
import { exact, plain } from '@/domain/money';
import type { Position } from '@/domain/account/position';
import { useTRPC } from '../client';
import { useQuotes, useWatch } from '../stream/hooks';
import { drift } from './position-value';

const REFETCH_MS = 20_000;
const NONE: Position[] = [];

export function useAccount() {
  const trpc = useTRPC();
  return useQuery(trpc.account.get.queryOptions({}, { refetchInterval: REFETCH_MS }));
}

export function usePositions() {
  const trpc = useTRPC();
  return useQuery(trpc.positions.list.queryOptions({}, { refetchInterval: REFETCH_MS }));
}

/** What of the holdings the quote stream carries: stocks. Options stand at the broker's own price. */
export const streamedSymbols = (positions: readonly Position[]): string[] =>
  positions.map(({ symbol }) => symbol).filter((symbol) => classOf(symbol) === 'us_equity');

/** The account's equity and day P&L at the newest prices; null while loading. */
export function useLiveEquity(): { equity: string; dayPl: string; dayPlPercent: string | null } | null {
  const account = useAccount().data;
  const positions = usePositions().data?.positions ?? NONE;
  const symbols = streamedSymbols(positions);
  useWatch(symbols);
  const quotes = useQuotes(symbols);
  if (account === undefined) return null;
  const equity = exact(account.equity).plus(drift(positions, (symbol) => quotes.get(symbol)?.last ?? null));
  const dayPl = equity.minus(account.lastEquity);
  const base = exact(account.lastEquity);
  return {
    equity: plain(equity),
    dayPl: plain(dayPl),
    dayPlPercent: base.isZero() ? null : plain(dayPl.div(base).toDecimalPlaces(6)),
  };
}
