'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../trpc/client';
import { FaultBanner } from '../trpc/fault-banner';
import { Skeleton } from '../ui/layout/skeleton';
import { ChangesTable } from './changes-table';
import { LimitsForm } from './limits-form';

/** What the desk holds a trader's orders against: their own limits to be changed, the desk's, and who changed what. */
export function LimitsView() {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.risk.profile.queryOptions({}));
  if (data === undefined) {
    if (error === null) return <Skeleton className="h-96 w-full" />;
    return <FaultBanner error={error} onRetry={() => void refetch()} />;
  }
  return (
    <>
      <LimitsForm
        key={data.accountId}
        accountId={data.accountId}
        profile={data.profile}
        imposed={data.imposed}
      />
      <ChangesTable />
    </>
  );
}
