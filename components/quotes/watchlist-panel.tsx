'use client';

import { ListPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { faultOf } from '../trpc/errors';
import { useWatch } from '../trpc/stream/hooks';
import { Banner } from '../ui/layout/banner';
import { EmptyState } from '../ui/layout/empty-state';
import { Panel } from '../ui/layout/panel';
import { HeadCell, TableScroll } from '../ui/layout/table';
import { AddSymbol } from './add-symbol';
import { useWatchlist } from './use-watchlist';
import { WatchRow } from './watch-row';
import { WatchSkeleton } from './watch-skeleton';

type Props = { selected: string; onSelect: (symbol: string) => void; className?: string };

export function WatchlistPanel({ selected, onSelect, className }: Props) {
  const t = useTranslations('quotes');
  const { symbols, error, isFull, add, remove } = useWatchlist();
  useWatch(symbols ?? []);
  return (
    <Panel
      title={t('watchlist')}
      {...(className === undefined ? {} : { className })}
      actions={<AddSymbol known={symbols ?? []} isFull={isFull} onAdd={add} onSelect={onSelect} />}
    >
      {error !== null && <Banner tone="harm">{faultOf(error).message ?? t('loadFailed')}</Banner>}
      {symbols?.length === 0 ? (
        <EmptyState icon={ListPlus} title={t('emptyTitle')} text={t('emptyText')} />
      ) : (
        <TableScroll label={t('watchlist')}>
          <WatchHead />
          <tbody>
            {symbols === null ? (
              <WatchSkeleton />
            ) : (
              symbols.map((symbol) => (
                <WatchRow
                  key={symbol}
                  symbol={symbol}
                  isSelected={symbol === selected}
                  onSelect={onSelect}
                  onRemove={remove}
                />
              ))
            )}
          </tbody>
        </TableScroll>
      )}
    </Panel>
  );
}

function WatchHead() {
  const t = useTranslations('quotes');
  return (
    <thead>
      <tr>
        <HeadCell>{t('symbol')}</HeadCell>
        <HeadCell right className="px-1 max-xl:hidden">
          {t('bid')}
        </HeadCell>
        <HeadCell right className="px-1 max-xl:hidden">
          {t('ask')}
        </HeadCell>
        <HeadCell right className="px-1">
          {t('last')}
        </HeadCell>
        <HeadCell right className="px-1">
          {t('change')}
        </HeadCell>
        <HeadCell right className="min-w-10 px-1">
          {t('ageHead')}
        </HeadCell>
        <HeadCell>
          <span className="sr-only">{t('actions')}</span>
        </HeadCell>
      </tr>
    </thead>
  );
}
