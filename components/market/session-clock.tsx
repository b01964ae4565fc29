'use client';

import { useQuery } from '@tanstack/react-query';
import { Sunrise, SunDim } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useTRPC } from '../trpc/client';
import { useStream } from '../trpc/stream/hooks';
import { useNow } from '../trpc/stream/ticker';
import { classNames } from '../ui/class-names';
import { Skeleton } from '../ui/layout/skeleton';
import { countdown, countdownText } from './countdown';

/** Whether the market is open and how long until that changes, by the venue's clock. */
export function SessionClock() {
  const t = useTranslations('market');
  const trpc = useTRPC();
  const stream = useStream();
  const now = useNow();
  const {
    data: clock,
    refetch,
    isFetching,
  } = useQuery(trpc.system.clock.queryOptions(undefined, { refetchInterval: 60_000 }));
  const turn = clock === undefined ? null : Date.parse(clock.isOpen ? clock.nextClose : clock.nextOpen);
  const left = turn === null ? null : turn - (now + stream.clockOffset);
  const isOver = left !== null && now !== 0 && left <= 0;
  useEffect(() => {
    if (!isOver || isFetching) return undefined;
    const timer = setTimeout(() => void refetch(), 2000);
    return () => clearTimeout(timer);
  }, [isOver, isFetching, refetch]);
  if (clock === undefined || left === null || now === 0) return <Skeleton className="h-4 w-32" />;
  const Icon = clock.isOpen ? Sunrise : SunDim;
  return (
    <span className="flex items-center gap-1.5 text-table whitespace-nowrap" title={turnNote(turn)}>
      <Icon
        className={classNames('size-4 max-sm:hidden', clock.isOpen ? 'text-accent' : 'text-muted')}
        aria-hidden
      />
      <span className="font-medium">
        <span className="max-sm:sr-only">{t('market')} </span>
        <span className="max-sm:capitalize">{clock.isOpen ? t('open') : t('closed')}</span>
      </span>
      <span className="text-muted max-lg:hidden">
        {t(clock.isOpen ? 'closesIn' : 'opensIn', { left: countdownText(countdown(left), t('dayUnit')) })}
      </span>
    </span>
  );
}

function turnNote(turn: number | null): string | undefined {
  if (turn === null) return undefined;
  const time = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/New_York',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(turn);
  return `${time} ET`;
}
