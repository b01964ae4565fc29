'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { useOrderCache } from '../use-order-cache';

type Close = { symbol: string; qty?: string; idempotencyKey: string };

const CHECK_MS = 200;
const CHECKS = 15;

/** Closes a position, if asked after its working orders are cancelled and have let go of their shares. */
export function useClose(onSent: () => void) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const cache = useOrderCache();

  async function free(symbol: string): Promise<void> {
    await client.orders.cancelAll.mutate({ symbol });
    for (let check = 0; check < CHECKS; check += 1) {
      const { orders } = await client.orders.list.query({ status: 'open', symbol, limit: 1 });
      if (orders.length === 0) return;
      await new Promise((wake) => setTimeout(wake, CHECK_MS));
    }
    // The venue has not let go in three seconds: its answer to the closing order will say why.
  }
  const close = useMutation({
    mutationFn: async ({ order, cancelsFirst }: { order: Close; cancelsFirst: boolean }) => {
      if (cancelsFirst) await free(order.symbol);
      return client.positions.close.mutate(order);
    },
    onSuccess: (made) => {
      cache.put(made);
      onSent();
    },
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: trpc.account.get.queryKey() });
      void queryClient.invalidateQueries({ queryKey: trpc.orders.list.queryKey() });
    },
  });
  return {
    send: (order: Close, cancelsFirst: boolean) => {
      if (!close.isPending) close.mutate({ order, cancelsFirst });
    },
    isBusy: close.isPending,
    fault: close.error === null ? null : faultOf(close.error),
    forget: close.reset,
  };
}
