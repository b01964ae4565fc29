'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ACCOUNT, type Reconciliation } from '@/domain/ledger/drift';
import { useTRPC } from '../trpc/client';
import { FaultBanner } from '../trpc/fault-banner';
import { Button } from '../ui/form/button';
import { Banner } from '../ui/layout/banner';
import { Skeleton } from '../ui/layout/skeleton';
import { Moment } from '../ui/number/moment';
import { DriftTable } from './drift-table';
import { LedgerTables } from './ledger-tables';

const REFETCH_MS = 5_000;

/** Whether the desk's books and the broker's agree, where they do not, and the ledger behind the desk's. */
export function ReconciliationView() {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.reconciliation.get.queryOptions({}, { refetchInterval: REFETCH_MS }),
  );
  if (data === undefined) {
    return error === null ? (
      <Skeleton className="h-24 w-full" />
    ) : (
      <FaultBanner error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <div className="grid gap-6">
      <State found={data} />
      <LedgerTables />
    </div>
  );
}

function useSettle() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const done = (found: Reconciliation) => {
    queryClient.setQueryData(trpc.reconciliation.get.queryKey({}), found);
    void queryClient.invalidateQueries({ queryKey: trpc.ledger.list.queryKey() });
  };
  const compare = useMutation(trpc.reconciliation.compare.mutationOptions({ onSuccess: done }));
  const adopt = useMutation(trpc.reconciliation.adopt.mutationOptions({ onSuccess: done }));
  return { compare, adopt, error: compare.error ?? adopt.error };
}

function State({ found }: { found: Reconciliation }) {
  const t = useTranslations('reconciliation');
  const { compare, adopt, error } = useSettle();
  const { accountId, drifts } = found;
  return (
    <section aria-label={t('state')} className="grid gap-3">
      {drifts.length > 0 && (
        <Banner tone="harm" className="rounded-md">
          {t('differs', { count: drifts.length })}
        </Banner>
      )}
      {drifts.length === 0 && (
        <p data-agrees={found.comparedAt !== null} className="flex items-center gap-2 font-medium">
          {found.comparedAt !== null && <CircleCheck className="size-4 text-gain" aria-hidden />}
          {found.comparedAt === null ? t('notYet') : t('agrees')}
        </p>
      )}
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-table text-muted">
        <Fact label={t('comparedAt')} at={found.comparedAt} />
        <Fact label={t('driftedSince')} at={found.driftedSince} />
        <Fact label={t('openedAt')} at={found.openedAt} />
      </dl>
      {drifts.some(({ what }) => what === ACCOUNT) && <p className="text-table">{t('accountText')}</p>}
      {drifts.length > 0 && <DriftTable drifts={drifts} />}
      {error !== null && <FaultBanner error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button
          className="max-md:h-11"
          busy={compare.isPending}
          onClick={() => compare.mutate({ accountId })}
        >
          {t('compare')}
        </Button>
        {drifts.length > 0 && (
          <Button
            look="danger"
            className="max-md:h-11"
            busy={adopt.isPending}
            onClick={() => adopt.mutate({ accountId, drifts })}
          >
            {t('adopt')}
          </Button>
        )}
      </div>
    </section>
  );
}

function Fact({ label, at }: { label: string; at: string | null }) {
  if (at === null) return null;
  return (
    <div className="flex gap-2">
      <dt>{label}</dt>
      <dd className="text-ink">
        <Moment at={at} />
      </dd>
    </div>
  );
}
