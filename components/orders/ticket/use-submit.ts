'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { useOrderCache } from '../use-order-cache';
import type { Preview } from './preview';

/** Sends a preview; however often it is pressed, the key in it makes one order. */
export function useSubmit(order: Preview['order'], onSent: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const cache = useOrderCache();
  const submit = useMutation(
    trpc.orders.submit.mutationOptions({
      onSuccess: (made) => {
        cache.put(made);
        void queryClient.invalidateQueries({ queryKey: trpc.account.get.queryKey() });
        onSent();
      },
    }),
  );
  return {
    send: () => {
      if (!submit.isPending) submit.mutate(order);
    },
    isBusy: submit.isPending,
    fault: submit.error === null ? null : faultOf(submit.error),
  };
}
