'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { shownSymbol } from '@/domain/market/option-contract';
import type { AppRouter } from '@/server/routers/root';
import { useTRPC } from '../trpc/client';
import { FaultBanner } from '../trpc/fault-banner';
import { Button } from '../ui/form/button';
import { Skeleton } from '../ui/layout/skeleton';
import { Cell, HeadCell, TableScroll } from '../ui/layout/table';
import { Moment } from '../ui/number/moment';
import { useNumbers } from '../ui/number/use-numbers';
import { Balances } from './balances';

const PAGE = 50;
const MOST = 500;

/** The desk's own double-entry books: what each account holds, and the newest transfers. */
export function LedgerTables() {
  const t = useTranslations('ledger');
  const trpc = useTRPC();
  const [limit, setLimit] = useState(PAGE);
  const { data, error, refetch, isFetching } = useQuery(
    trpc.ledger.list.queryOptions({ limit }, { placeholderData: keepPreviousData }),
  );
  if (data === undefined) {
    return error === null ? (
      <Skeleton className="h-48 w-full" />
    ) : (
      <FaultBanner error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      <Balances balances={data.balances} />
      <section className="grid gap-2" aria-labelledby="transfers">
        <h2 id="transfers" className="font-semibold">
          {t('transfers')}
        </h2>
        <Transfers transfers={data.transfers} />
        {data.nextCursor !== null && limit < MOST && (
          <Button
            size="small"
            className="justify-self-start max-md:h-11"
            busy={isFetching}
            onClick={() => setLimit((shown) => Math.min(MOST, shown + PAGE))}
          >
            {t('more')}
          </Button>
        )}
      </section>
    </>
  );
}

type Page = inferRouterOutputs<AppRouter>['ledger']['list'];

function Transfers({ transfers }: { transfers: Page['transfers'] }) {
  const t = useTranslations('ledger');
  const numbers = useNumbers();
  return (
    <TableScroll label={t('transfers')}>
      <thead>
        <tr>
          <HeadCell>{t('time')}</HeadCell>
          <HeadCell>{t('symbol')}</HeadCell>
          <HeadCell right>{t('amount')}</HeadCell>
          <HeadCell>{t('debit')}</HeadCell>
          <HeadCell>{t('credit')}</HeadCell>
          <HeadCell>{t('source')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {transfers.map((transfer) => (
          <tr key={transfer.seq}>
            <Cell>
              <Moment at={transfer.at} />
            </Cell>
            <Cell className="font-semibold">
              {transfer.symbol === null ? null : shownSymbol(transfer.symbol)}
            </Cell>
            <Cell right>{numbers.money(transfer.amount)}</Cell>
            <Cell>{t(`accounts.${transfer.debit}`)}</Cell>
            <Cell>{t(`accounts.${transfer.credit}`)}</Cell>
            <Cell className="text-muted">{t(`sources.${transfer.source}`)}</Cell>
          </tr>
        ))}
      </tbody>
    </TableScroll>
  );
}
