'use client';

import { useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useTRPC } from '../../trpc/client';
import { WORKING_QUERY } from '../../trpc/portfolio/order-queries';
import { Button } from '../../ui/form/button';
import { EmptyState } from '../../ui/layout/empty-state';
import { ActionHeadCell, HeadCell, TableScroll } from '../../ui/layout/table';
import { LoadFailed } from '../load-failed';
import { RowsSkeleton } from '../../ui/layout/rows-skeleton';
import { withFamilies } from './family';
import { WorkingRow } from './working-row';

const COLUMNS = 9;

type Props = { emptyAction: ReactNode; onCancelAll: () => void };

/** Orders the venue works on or is about to; each can be changed and cancelled in its line. */
export function WorkingOrders({ emptyAction, onCancelAll }: Props) {
  const t = useTranslations('orders');
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.orders.list.queryOptions(WORKING_QUERY, { refetchInterval: 30_000 }),
  );
  if (data === undefined && error !== null)
    return <LoadFailed error={error} onRetry={() => void refetch()} />;
  if (data?.orders.length === 0) {
    return (
      <EmptyState
        icon={ListChecks}
        title={t('noWorkingTitle')}
        text={t('noWorkingText')}
        action={emptyAction}
      />
    );
  }
  return (
    <TableScroll label={t('working')}>
      <thead>
        <tr>
          <HeadCell>{t('symbol')}</HeadCell>
          <HeadCell>{t('side')}</HeadCell>
          <HeadCell right>{t('qty')}</HeadCell>
          <HeadCell right className="max-md:text-left">
            {t('price')}
          </HeadCell>
          <HeadCell right>{t('filled')}</HeadCell>
          <HeadCell>{t('timeInForce')}</HeadCell>
          <HeadCell>{t('statusHead')}</HeadCell>
          <HeadCell right>{t('time')}</HeadCell>
          <ActionHeadCell>
            <Button look="ghost" size="small" className="h-6 text-harm max-md:h-9" onClick={onCancelAll}>
              {t('cancelAll')}
            </Button>
          </ActionHeadCell>
        </tr>
      </thead>
      <tbody>
        {data === undefined ? (
          <RowsSkeleton columns={COLUMNS} />
        ) : (
          withFamilies(data.orders).map((row) => <WorkingRow key={row.order.id} {...row} columns={COLUMNS} />)
        )}
      </tbody>
    </TableScroll>
  );
}
