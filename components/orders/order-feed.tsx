'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { shownInstrument } from '@/domain/market/option-contract';
import { isLeg, type Order } from '@/domain/order/order';
import { isClosed } from '@/domain/order/status';
import { useAccountScope } from '../trpc/accounts/scope';
import { useAccounts } from '../trpc/accounts/use-accounts';
import { useTRPC } from '../trpc/client';
import { useConnection, useOrderEvents } from '../trpc/stream/hooks';
import { useNumbers } from '../ui/number/use-numbers';
import { followLists } from './heard-orders';
import { useOrderWords } from './use-order-words';
import { useOrderCache } from './use-order-cache';

/** The broker's word on money may be a moment behind its fills, so it is asked once more after the last of them. */
const SETTLE_MS = 250;
/** While fills go on it is asked so often, however many there are: brokers count calls. */
const APART_MS = 1_000;

/** Brings the order events of the stream to the lists, to toasts and to screen readers; shows nothing itself. */
export function OrderFeed() {
  const cache = useOrderCache();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  useEffect(
    () => followLists(queryClient, trpc.orders.list.queryKey(), cache.put),
    [queryClient, trpc, cache],
  );
  const { refetchSoon } = useRefetchMoney();
  const announce = useAnnounce();
  const [spoken, setSpoken] = useState('');
  const nameOfOther = useOtherAccounts();
  useOrderEvents(({ order, event }) => {
    cache.put(order);
    const isNews = event.type === 'filled' || isClosed(event.status);
    if (isNews) refetchSoon();
    // A leg fills and ends with its order, which tells of it.
    const said = isNews && !isLeg(order) ? announce(order, nameOfOther(order.accountId)) : null;
    if (said !== null) setSpoken(said);
  });
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {spoken}
    </p>
  );
}

/** After a fill, positions are asked for at once, and all that the broker says about money when fills have settled. */
function useRefetchMoney() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  const { phase } = useConnection();
  const refetchPositions = () =>
    void queryClient.invalidateQueries({ queryKey: trpc.positions.list.queryKey() });
  function refetch() {
    refetchPositions();
    void queryClient.invalidateQueries({ queryKey: trpc.account.get.queryKey() });
    void queryClient.invalidateQueries({ queryKey: trpc.trades.list.queryKey() });
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const wasLost = useRef(false);
  useEffect(() => {
    // Back again: what happened meanwhile comes as events, but the broker's word is the better one.
    if (phase === 'live' && wasLost.current) {
      void queryClient.invalidateQueries({ queryKey: trpc.orders.list.queryKey() });
      void queryClient.invalidateQueries({ queryKey: trpc.positions.list.queryKey() });
      void queryClient.invalidateQueries({ queryKey: trpc.account.get.queryKey() });
    }
    wasLost.current = phase === 'lost';
  }, [phase, queryClient, trpc]);
  return {
    refetchSoon: () => {
      if (performance.now() - askedAt.current >= APART_MS) {
        askedAt.current = performance.now();
        refetchPositions();
      }
      clearTimeout(timer.current);
      timer.current = setTimeout(refetch, SETTLE_MS);
    },
  };
}

/** Names the account of an order when it is not the one on show: what fills elsewhere must not look as if it were here. */
function useOtherAccounts(): (accountId: string) => string | null {
  const { accountId: shown } = useAccountScope();
  const accounts = useAccounts().data?.connections;
  return (accountId) =>
    accountId === shown ? null : (accounts?.find(({ id }) => id === accountId)?.name ?? accountId);
}

/** A toast for the end of an order, and the same words for the live region. */
function useAnnounce(): (order: Order, account: string | null) => string {
  const t = useTranslations('orders');
  const say = useOrderWords();
  const numbers = useNumbers();
  return (order, account) => {
    const place = account === null ? '' : ` · ${account}`;
    const what = `${say(order)}${place}`;
    const options = { id: order.id };
    if (order.status === 'filled' || order.status === 'partially_filled') {
      const text = t(`toast.${order.status}.${order.legs === null ? order.side : 'legs'}`, {
        qty: numbers.qty(order.filledQty),
        symbol: shownInstrument(order),
        price: numbers.price(order.filledAvgPrice),
      });
      toast.success(`${text}${place}`, options);
      return `${text}${place}`;
    }
    const title = t('toast.ended', { status: t(`status.${order.status}`), order: what });
    const description = order.reason?.message;
    const isHarm = order.status === 'rejected' || order.status === 'denied';
    (isHarm ? toast.error : toast)(title, { ...options, ...(description ? { description } : {}) });
    return description === undefined ? title : `${title}. ${description}`;
  };
}
