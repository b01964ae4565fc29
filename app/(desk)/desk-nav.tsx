'use client';

import { ArrowLeftRight, ChartCandlestick, List, ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { BottomNav } from '@/components/ui/layout/bottom-nav';

export type Room = 'watchlist' | 'chart' | 'orders';

type Props = { shown: Room; onShow: (room: Room) => void; onTrade: () => void };

export function DeskNav({ shown, onShow, onTrade }: Props) {
  const t = useTranslations('nav');
  return (
    <BottomNav<Room | 'trade'>
      label={t('label')}
      value={shown}
      onValue={(value) => (value === 'trade' ? onTrade() : onShow(value))}
      destinations={[
        { value: 'watchlist', label: t('watchlist'), icon: List },
        { value: 'chart', label: t('chart'), icon: ChartCandlestick },
        { value: 'orders', label: t('orders'), icon: ListChecks },
        { value: 'trade', label: t('trade'), icon: ArrowLeftRight, isAction: true },
      ]}
    />
  );
}
