'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { WATCHLIST_MAX, type Watchlist } from '@/domain/market/watchlist';
import { useTRPC } from '../trpc/client';

/** The user's first watchlist; changes show at once and are taken back when the server refuses. */
export function useWatchlist() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const queryKey = trpc.watchlists.list.queryKey();
  const query = useQuery(trpc.watchlists.list.queryOptions(undefined, { staleTime: 60_000 }));
  const watchlist = query.data?.watchlists[0];

  function replace(next: Watchlist) {
    queryClient.setQueryData(
      queryKey,
      (old) => old && { watchlists: old.watchlists.map((one) => (one.id === next.id ? next : one)) },
    );
  }
  const update = useMutation(
    trpc.watchlists.update.mutationOptions({
      onSuccess: replace,
      onError: () => queryClient.invalidateQueries({ queryKey }),
    }),
  );
  function setSymbols(symbols: string[]) {
    if (watchlist === undefined) return;
    replace({ ...watchlist, symbols });
    update.mutate({ id: watchlist.id, symbols });
  }
  const symbols = watchlist?.symbols ?? null;
  return {
    symbols,
    error: query.error ?? update.error,
    isFull: (symbols?.length ?? 0) >= WATCHLIST_MAX,
    add: (symbol: string) => {
      if (symbols !== null && !symbols.includes(symbol)) setSymbols([...symbols, symbol]);
    },
    remove: (symbol: string) => {
      if (symbols !== null) setSymbols(symbols.filter((one) => one !== symbol));
    },
  };
}
