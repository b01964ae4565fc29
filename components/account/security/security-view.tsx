'use client';

import { useQuery } from '@tanstack/react-query';
import { ShieldCheck, ShieldOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { SecondFactor } from '@/domain/second-factor';
import { useTRPC } from '../../trpc/client';
import { Button } from '../../ui/form/button';
import { Banner } from '../../ui/layout/banner';
import { Skeleton } from '../../ui/layout/skeleton';
import { Moment } from '../../ui/number/moment';
import { FaultBanner } from '../../trpc/fault-banner';
import { useStateChanged } from '../use-state-changed';
import { CodesOnce } from './codes-once';
import { ConfirmDialog } from './confirm-dialog';
import { EnrolDialog } from './enrol-dialog';
import { RenewDialog } from './renew-dialog';
import { TakeAwayDialog } from './take-away-dialog';

type Asked = 'enrol' | 'confirm' | 'renew' | 'away';
/** Few enough to make new ones. */
const FEW_CODES = 3;

/** A user's second factor: to set it up, to see that it is there, and to take it away. */
export function SecurityView() {
  const t = useTranslations('security');
  const trpc = useTRPC();
  const changed = useStateChanged();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { data, error, refetch } = useQuery(trpc.security.get.queryOptions(undefined, { staleTime: 0 }));
  if (data === undefined) {
    if (error === null) return <Skeleton className="h-32 w-full" />;
    return <FaultBanner error={error} onRetry={() => void refetch()} />;
  }
  const close = () => setAsked(null);
  const onCodes = (made: readonly string[]) => {
    close();
    setCodes(made);
    changed();
  };
  const isEnrolled = data.enrolledAt !== null;
  return (
    <section aria-label={t('factor')} data-enrolled={isEnrolled} className="grid gap-4">
      <FactorState state={data} />
      {isEnrolled && data.recoveryCodesLeft <= FEW_CODES && (
        <Banner tone="doubt" className="rounded-md">
          {t('fewCodes')}
        </Banner>
      )}
      <div className="flex flex-wrap gap-2">
        {isEnrolled ? (
          <>
            {data.freshUntil === null && (
              <Button onClick={() => setAsked('confirm')}>{t('confirmNow')}</Button>
            )}
            <Button onClick={() => setAsked('renew')}>{t('renew')}</Button>
            <Button look="danger" onClick={() => setAsked('away')}>
              {t('away')}
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={() => setAsked('enrol')}>
            {t('setUp')}
          </Button>
        )}
      </div>
      <EnrolDialog open={asked === 'enrol'} onClose={close} onCodes={onCodes} />
      <ConfirmDialog open={asked === 'confirm'} onClose={close} />
      <RenewDialog open={asked === 'renew'} onClose={close} onCodes={onCodes} />
      <TakeAwayDialog open={asked === 'away'} onClose={close} />
      <CodesOnce codes={codes} onDone={() => setCodes(null)} />
    </section>
  );
}

function FactorState({ state }: { state: SecondFactor }) {
  const t = useTranslations('security');
  const isEnrolled = state.enrolledAt !== null;
  const Icon = isEnrolled ? ShieldCheck : ShieldOff;
  return (
    <div className="flex items-start gap-3 rounded-md border border-line bg-surface p-3">
      <Icon
        className={isEnrolled ? 'mt-0.5 size-5 shrink-0 text-up' : 'mt-0.5 size-5 shrink-0 text-doubt'}
        aria-hidden
      />
      <div className="grid gap-1">
        <h2 className="font-semibold">{t(isEnrolled ? 'on' : 'none')}</h2>
        {state.enrolledAt === null ? (
          <p className="text-table text-muted">{t('noneText')}</p>
        ) : (
          <p className="text-table text-muted">
            {t('since')} <Moment at={state.enrolledAt} />
            {' · '}
            {t('codesLeft', { count: state.recoveryCodesLeft })}
          </p>
        )}
      </div>
    </div>
  );
}
