'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Order } from '@/domain/order/order';
import { type Client, useTRPC, useTRPCClient } from '../../trpc/client';
import { type Fault, faultOf } from '../../trpc/errors';
import { useOrderCache } from '../use-order-cache';
import type { Sweep } from './sweep';

type Steps = { cancels: boolean; closes: boolean };
type Failure = { name: string | null; message: string };

/** What came of a sweep: the orders asked to be cancelled, the closing orders sent, and what failed. */
export type SweepResult = { cancelled: number; closing: number; failed: Failure[] };

async function cancelAll(client: Client, put: (order: Order) => void): Promise<SweepResult> {
  const { requested, failed } = await client.orders.cancelAll.mutate({});
  requested.forEach(put);
  const named = failed.map(({ id, message }) => ({ name: id, message }));
  return { cancelled: requested.length, closing: 0, failed: named };
}

async function closeAll(client: Client, cancelOrders: boolean, put: (order: Order) => void) {
  const { orders, failed } = await client.positions.closeAll.mutate({ cancelOrders });
  orders.forEach(put);
  const named = failed.map(({ symbol, message }) => ({ name: symbol, message }));
  return { cancelled: 0, closing: orders.length, failed: named };
}

async function kill(client: Client, flatten: boolean): Promise<SweepResult> {
  const { cancelled, closing, failed } = await client.risk.kill.mutate({ flatten });
  return { cancelled, closing, failed: failed.map((message) => ({ name: null, message })) };
}

/** Runs a sweep; the result stays until the next run. */
export function useSweep(kind: Sweep, onClean: (result: SweepResult) => void) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const cache = useOrderCache();
  const [result, setResult] = useState<SweepResult | null>(null);

  function run(steps: Steps): Promise<SweepResult> {
    if (kind === 'kill') return kill(client, steps.closes);
    return kind === 'flatten' ? closeAll(client, steps.cancels, cache.put) : cancelAll(client, cache.put);
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
        trpc.risk.profile.queryKey(),
        // The kill switch disarms a live account.
        trpc.connections.list.queryKey(),
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
