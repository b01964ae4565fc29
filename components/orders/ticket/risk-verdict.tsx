'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Banner } from '../../ui/layout/banner';
import { FaultNote } from '../fault-note';
import type { Preview } from './preview';

/**
 * What sending the order now would meet: the limits it would break, null while that is not known, and whether the venue
 * takes no such order.
 */
export function useVerdict(order: Preview['order']) {
  const trpc = useTRPC();
  const { data, error } = useQuery(
    trpc.risk.check.queryOptions(order, { gcTime: 0, staleTime: 0, retry: false }),
  );
  const fault = error === null ? null : faultOf(error);
  const refusal = fault?.code === 'invalid_input' ? fault : null;
  const denials = data?.denials ?? null;
  return { denials, refusal, isOver: refusal !== null || (denials?.length ?? 0) > 0 };
}

/** Says before an order is sent what would refuse it: the venue, or which limits, with their numbers. */
export function RiskVerdict({ denials, refusal }: ReturnType<typeof useVerdict>) {
  const t = useTranslations('ticket.verdict');
  if (refusal !== null) return <FaultNote fault={refusal} offlineText={t('checking')} />;
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
