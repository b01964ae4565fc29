'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useTRPC } from '../../trpc/client';
import { Banner } from '../../ui/layout/banner';
import type { Preview } from './preview';

/** The limits an order would break if it were sent now; null while that is not known. */
export function useDenials(order: Preview['order']) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.risk.check.queryOptions(order, { gcTime: 0, staleTime: 0, retry: false }));
  return data?.denials ?? null;
}

/** Says before an order is sent which limits would deny it, with their numbers. */
export function RiskVerdict({ denials }: { denials: ReturnType<typeof useDenials> }) {
  const t = useTranslations('ticket.verdict');
  if (denials === null) return <p className="text-label text-muted">{t('checking')}</p>;
  if (denials.length === 0) return <p className="text-label text-muted">{t('passes')}</p>;
  return (
    <div role="alert" data-denied>
      <Banner tone="harm" className="rounded-md">
        <p className="font-semibold">{t('denied')}</p>
        <ul>
          {denials.map(({ rule, message }) => (
            <li key={rule}>{message}</li>
          ))}
        </ul>
      </Banner>
    </div>
  );
}
