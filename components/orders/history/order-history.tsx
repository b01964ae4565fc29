'use client';

import { History, SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/form/button';
import { EmptyState } from '../../ui/layout/empty-state';
import { HeadCell, TableScroll } from '../../ui/layout/table';
import { LoadFailed } from '../load-failed';
import { RowsSkeleton } from '../../ui/layout/rows-skeleton';
import type { HistoryFilter } from './history-filter';
import { HistoryRow } from './history-row';
import { HistoryToolbar } from './history-toolbar';
import { useHistory } from './use-history';

const EVERYTHING: HistoryFilter = { symbol: '', ending: 'all' };
const COLUMNS = 9;

/** Orders that are over: filled, cancelled, refused, each with its reason. */
export function OrderHistory({ emptyAction }: { emptyAction: ReactNode }) {
  const t = useTranslations('orders');
  const tHistory = useTranslations('history');
  const [filter, setFilter] = useState(EVERYTHING);
  const history = useHistory(filter);
  const isFiltered = filter.symbol.trim() !== '' || filter.ending !== 'all';
  if (history.error !== null) return <LoadFailed error={history.error} onRetry={history.retry} />;
  const isEmpty = history.rows.length === 0 && !history.isLoading && !history.isSearching;
  if (isEmpty && !isFiltered) {
    return (
      <EmptyState icon={History} title={t('noHistoryTitle')} text={t('noHistoryText')} action={emptyAction} />
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <HistoryToolbar filter={filter} onFilter={setFilter} />
      <div className="min-h-0 flex-1">
        {isEmpty ? (
          <EmptyState
            icon={SearchX}
            title={tHistory('noMatchTitle')}
            text={tHistory('noMatchText')}
            action={<Button onClick={() => setFilter(EVERYTHING)}>{tHistory('showAll')}</Button>}
          />
        ) : (
          <HistoryTable history={history} />
        )}
      </div>
    </div>
  );
}

function HistoryTable({ history }: { history: ReturnType<typeof useHistory> }) {
  const t = useTranslations('orders');
  const tHistory = useTranslations('history');
  return (
    <TableScroll label={t('history')}>
      <thead>
        <tr>
          <HeadCell>{t('symbol')}</HeadCell>
          <HeadCell>{t('side')}</HeadCell>
          <HeadCell>{t('statusHead')}</HeadCell>
          <HeadCell right>{t('qty')}</HeadCell>
          <HeadCell right>{t('filled')}</HeadCell>
          <HeadCell right>{t('price')}</HeadCell>
          <HeadCell right>{t('average')}</HeadCell>
          <HeadCell className="w-full">{t('reason')}</HeadCell>
          <HeadCell right>{t('time')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {history.rows.length === 0 ? (
          <RowsSkeleton columns={COLUMNS} />
        ) : (
          history.rows.map((order) => <HistoryRow key={order.id} order={order} />)
        )}
        {history.hasMore && (
          <tr>
            <td colSpan={COLUMNS} className="p-2">
              <Button
                size="small"
                className="sticky left-3 max-md:h-11"
                busy={history.isLoadingMore}
                onClick={history.loadMore}
              >
                {tHistory('more')}
              </Button>
            </td>
          </tr>
        )}
      </tbody>
    </TableScroll>
  );
}
