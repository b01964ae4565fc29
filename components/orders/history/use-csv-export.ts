'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Order } from '@/domain/order/order';
import { useTRPCClient } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { useFaultToast } from '../use-fault-toast';
import { askedSymbol, type HistoryFilter, isWithin } from './history-filter';
import { ordersCsv } from './order-csv';

const PAGE = 500;

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has the data once the click is over, but Safari reads it a little later.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Saves every order under the filter, not only those on screen. */
export function useCsvExport(filter: HistoryFilter) {
  const client = useTRPCClient();
  const t = useTranslations('history');
  const tellFault = useFaultToast();
  const exporting = useMutation({
    mutationFn: async () => {
      const symbol = askedSymbol(filter.symbol);
      const orders: Order[] = [];
      let cursor: string | undefined;
      do {
        const page = await client.orders.list.query({
          status: 'closed',
          limit: PAGE,
          ...(typeof symbol === 'string' ? { symbol } : {}),
          ...(cursor === undefined ? {} : { cursor }),
        });
        orders.push(...page.orders);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      save(ordersCsv(orders.filter((order) => isWithin(filter, order))), fileName(filter, symbol));
    },
    onError: (error) => tellFault(faultOf(error), t('exportOffline')),
  });
  return { isBusy: exporting.isPending, start: () => exporting.mutate() };
}

function fileName({ ending }: HistoryFilter, symbol: string | null | undefined): string {
  const day = new Date().toISOString().slice(0, 10);
  const parts = ['orders', symbol, ending === 'all' ? null : ending, day];
  return `${parts.filter((part) => part !== null && part !== undefined).join('-')}.csv`;
}
