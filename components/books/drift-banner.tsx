'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useTRPC } from '../trpc/client';
import { Banner } from '../ui/layout/banner';

/** Says on the desk that the books differ from the broker's, and leads to where that is settled. */
export function DriftBanner() {
  const t = useTranslations('reconciliation');
  const trpc = useTRPC();
  const { data } = useQuery(trpc.reconciliation.get.queryOptions({}, { refetchInterval: 30_000 }));
  if (data === undefined || data.drifts.length === 0) return null;
  return (
    <div role="status" data-drift>
      <Banner
        tone="harm"
        action={
          <Link
            href="/reconciliation"
            className="flex min-h-6 items-center font-semibold underline max-md:min-h-11"
          >
            {t('look')}
          </Link>
        }
      >
        {t('banner', { count: data.drifts.length })}
      </Banner>
    </div>
  );
}
