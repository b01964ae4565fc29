'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Banner } from '../../ui/layout/banner';
import { useFaultToast } from '../use-fault-toast';

/** Says on every screen that the kill switch holds the account, and lets go of it. */
export function BlockedBanner() {
  const t = useTranslations('sweep.blocked');
  const trpc = useTRPC();
  const tellFault = useFaultToast();
  const profile = useQuery(trpc.risk.profile.queryOptions({}, { refetchInterval: 30_000 }));
  const release = useMutation(
    trpc.risk.release.mutationOptions({
      onSuccess: () => profile.refetch(),
      onError: (error) => tellFault(faultOf(error), t('offline')),
    }),
  );
  const blocked = profile.data?.blocked ?? null;
  if (blocked === null) return null;
  return (
    <div role="status" data-blocked>
      <Banner
        tone="harm"
        action={
          // What a risk officer stopped is not for the trader to release.
          blocked === 'account' && (
            <Button
              size="small"
              className="max-md:h-11"
              busy={release.isPending}
              onClick={() => release.mutate({})}
            >
              {t('release')}
            </Button>
          )
        }
      >
        {t(`by.${blocked}`)}
      </Banner>
    </div>
  );
}
