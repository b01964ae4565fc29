'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC, useTRPCClient } from '../../trpc/client';
import { type Fault, faultOf } from '../../trpc/errors';
import { useOrderCache } from '../use-order-cache';

type Steps = { cancels: boolean; closes: boolean };

/** What came of a sweep: how many orders it touched, and what failed by name. */
export type SweepResult = Steps & { count: number; failed: { name: string; message: string }[] };

/** Runs a sweep; the result stays until the next run. */
export function useSweep(onClean: (result: SweepResult) => void) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const cache = useOrderCache();
  const [result, setResult] = useState<SweepResult | null>(null);

  async function run(steps: Steps): Promise<SweepResult> {
    if (steps.closes) {
      const { orders, failed } = await client.positions.closeAll.mutate({ cancelOrders: steps.cancels });
      orders.forEach(cache.put);
      const named = failed.map(({ symbol, message }) => ({ name: symbol, message }));
      return { ...steps, count: orders.length, failed: named };
    }
    const { requested, failed } = await client.orders.cancelAll.mutate({});
    requested.forEach(cache.put);
    return {
      ...steps,
      count: requested.length,
      failed: failed.map(({ id, message }) => ({ name: id, message })),
    };
  }
  const sweep = useMutation({
    mutationFn: run,
    onSuccess: (made) => {
      setResult(made);
      if (made.failed.length === 0) onClean(made);
    },
    onSettled: () => {
      for (const queryKey of [
        trpc.orders.list.queryKey(),
        trpc.positions.list.queryKey(),
        trpc.account.get.queryKey(),
      ])
        void queryClient.invalidateQueries({ queryKey });
    },
  });
  const fault: Fault | null = sweep.error === null ? null : faultOf(sweep.error);
  return {
    start: (steps: Steps) => {
      if (!sweep.isPending) sweep.mutate(steps);
    },
    isBusy: sweep.isPending,
    result,
    fault,
  };
}
