'use client';

import { useMutation } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';
import { useShownAccount } from '../trpc/accounts/use-accounts';
import { useTRPC } from '../trpc/client';
import { faultOf } from '../trpc/errors';
import { useStateChanged } from './use-state-changed';
import { Button } from '../ui/form/button';
import { Moment } from '../ui/number/moment';

/** Over everything of a live account: that it is one, whether orders pass, and the way to stop them at once. */
export function LiveBanner() {
  const t = useTranslations('account.live');
  const tErrors = useTranslations('errors');
  const trpc = useTRPC();
  const shown = useShownAccount();
  const changed = useStateChanged();
  const disarm = useMutation(
    trpc.connections.disarm.mutationOptions({
      onSuccess: ({ working }) => toast.success(t('disarmed', { working })),
      onError: (error) => toast.error(faultOf(error).message ?? tErrors('offline')),
      onSettled: changed,
    }),
  );
  if (shown === undefined || shown.live === null) return null;
  const { armedUntil, accountNumber, isTradingOn } = shown.live;
  const isArmed = armedUntil !== null;
  return (
    <div
      role="status"
      data-live={isArmed ? 'armed' : 'disarmed'}
      className="flex min-h-9 items-center gap-2 bg-harm px-3 py-1 text-table text-on-harm max-md:flex-wrap"
    >
      <Radio className="size-4 shrink-0" aria-hidden />
      <p className="min-w-0 flex-1">
        <strong className="font-bold">{t('title', { accountNumber })}</strong>{' '}
        {isArmed ? (
          <>
            {t('armed')} <Moment at={armedUntil} />
          </>
        ) : (
          t(isTradingOn ? 'notArmed' : 'off')
        )}
      </p>
      {isArmed ? (
        <Button
          size="small"
          className="max-md:h-11"
          busy={disarm.isPending}
          onClick={() => disarm.mutate({ accountId: shown.id })}
        >
          {t('disarm')}
        </Button>
      ) : (
        <Link
          href="/accounts"
          className="flex min-h-7 items-center rounded-md border border-current px-2 font-medium max-md:min-h-11"
        >
          {t('toArm')}
        </Link>
      )}
    </div>
  );
}
