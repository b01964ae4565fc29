'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Repeat } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import type { LotMethod, Trade } from '@/domain/ledger/round-trips';
import { instrumentLines } from '@/domain/market/option-contract';
import { useTRPC } from '../trpc/client';
import { FaultBanner } from '../trpc/fault-banner';
import { Button } from '../ui/form/button';
import { Segmented } from '../ui/form/segmented';
import { EmptyState } from '../ui/layout/empty-state';
import { RowsSkeleton } from '../ui/layout/rows-skeleton';
import { Cell, FootCell, HeadCell, TableScroll } from '../ui/layout/table';
import { TwoLines } from '../ui/layout/two-lines';
import { Change } from '../ui/number/change';
import { Moment } from '../ui/number/moment';
import { useNumbers } from '../ui/number/use-numbers';

const PAGE = 100;
const COLUMNS = 8;

/** Round trips: what was closed, what had opened it, and what it gained. */
export function TradesTable({ emptyAction }: { emptyAction: ReactNode }) {
  const t = useTranslations('trades');
  const trpc = useTRPC();
  const [method, setMethod] = useState<LotMethod>('fifo');
  const [limit, setLimit] = useState(PAGE);
  const { data, error, refetch, isFetching } = useQuery(
    trpc.trades.list.queryOptions({ method, limit }, { placeholderData: keepPreviousData }),
  );
  if (data === undefined && error !== null)
    return <FaultBanner error={error} onRetry={() => void refetch()} />;
  if (data?.total === 0) {
    return <EmptyState icon={Repeat} title={t('emptyTitle')} text={t('emptyText')} action={emptyAction} />;
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-2 py-1">
        <Segmented
          label={t('method')}
          value={method}
          onValue={setMethod}
          size="small"
          className="max-md:h-11"
          choices={[
            { value: 'fifo', label: t('methods.fifo') },
            { value: 'average', label: t('methods.average') },
          ]}
        />
      </div>
      <div className="min-h-0 flex-1">
        <TableScroll label={t('title')}>
          <Head />
          <tbody>
            {data === undefined ? (
              <RowsSkeleton columns={COLUMNS} />
            ) : (
              data.trades.map((trade) => <TradeRow key={trade.id} trade={trade} />)
            )}
            {data !== undefined && data.total > data.trades.length && (
              <tr>
                <td colSpan={COLUMNS} className="p-2">
                  <Button
                    size="small"
                    className="sticky left-3 max-md:h-11"
                    busy={isFetching}
                    onClick={() => setLimit((shown) => Math.min(500, shown + PAGE))}
                    disabled={limit >= 500}
                  >
                    {limit >= 500 ? t('restByApi', { total: data.total }) : t('more')}
                  </Button>
                </td>
              </tr>
            )}
          </tbody>
          {data !== undefined && <Total realizedPl={data.realizedPl} />}
        </TableScroll>
      </div>
    </div>
  );
}

function Head() {
  const t = useTranslations('trades');
  return (
    <thead>
      <tr>
        <HeadCell>{t('symbol')}</HeadCell>
        <HeadCell>{t('side')}</HeadCell>
        <HeadCell right>{t('qty')}</HeadCell>
        <HeadCell right>{t('entry')}</HeadCell>
        <HeadCell right>{t('exit')}</HeadCell>
        <HeadCell right>{t('realized')}</HeadCell>
        <HeadCell right>{t('opened')}</HeadCell>
        <HeadCell right>{t('closed')}</HeadCell>
      </tr>
    </thead>
  );
}

function TradeRow({ trade }: { trade: Trade }) {
  const t = useTranslations('trades');
  const numbers = useNumbers();
  return (
    <tr data-trade={trade.symbol} className="hover:bg-raised">
      <Cell className="font-semibold">
        <TwoLines {...instrumentLines({ symbol: trade.symbol, legs: null })} />
      </Cell>
      <Cell>{t(`sides.${trade.side}`)}</Cell>
      <Cell right>{numbers.qty(trade.qty)}</Cell>
      <Cell right>{numbers.price(trade.entryPrice)}</Cell>
      <Cell right>{numbers.price(trade.exitPrice)}</Cell>
      <Cell right>
        <Change value={trade.realizedPl} text={numbers.signedMoney(trade.realizedPl)} />
      </Cell>
      <Cell right>
        <Moment at={trade.openedAt} />
      </Cell>
      <Cell right>
        <Moment at={trade.closedAt} />
      </Cell>
    </tr>
  );
}

function Total({ realizedPl }: { realizedPl: string }) {
  const t = useTranslations('trades');
  const numbers = useNumbers();
  return (
    <tfoot>
      <tr data-realized>
        <FootCell colSpan={5}>{t('total')}</FootCell>
        <FootCell right>
          <Change value={realizedPl} text={numbers.signedMoney(realizedPl)} />
        </FootCell>
        <FootCell colSpan={2} />
      </tr>
    </tfoot>
  );
}
