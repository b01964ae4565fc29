'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';
import { shownSymbol } from '@/domain/market/option-contract';
import type { Alert } from '@/domain/protection/alert';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { useOrderEvents } from '../../trpc/stream/hooks';
import { Button } from '../../ui/form/button';
import { Banner } from '../../ui/layout/banner';
import { useNumbers } from '../../ui/number/use-numbers';
import { useFaultToast } from '../use-fault-toast';

/** The stream tells; these are for when it is lost. */
const [OPEN_MS, QUIET_MS] = [5_000, 30_000];

/** Tells of positions that have lost their stop, as soon as the desk knows, and offers what can be done. */
export function UnprotectedBanner() {
  const t = useTranslations('alerts');
  const trpc = useTRPC();
  const { data, refetch } = useQuery(
    trpc.alerts.list.queryOptions(
      {},
      { refetchInterval: ({ state }) => (state.data?.alerts.length === 0 ? QUIET_MS : OPEN_MS) },
    ),
  );
  useOrderEvents(({ event }) => {
    if (event.type === 'unprotected' || event.type === 'protection_settled') void refetch();
  });
  const alerts = data?.alerts ?? [];
  return (
    <section aria-label={t('title')} role="alert" className="max-h-[30dvh] shrink-0 overflow-y-auto">
      {alerts.map((alert) => (
        <UnprotectedLine key={alert.id} alert={alert} />
      ))}
    </section>
  );
}

function UnprotectedLine({ alert }: { alert: Alert }) {
  const t = useTranslations('alerts');
  const trpc = useTRPC();
  const numbers = useNumbers();
  const tellFault = useFaultToast();
  const symbol = shownSymbol(alert.symbol);
  const qty = numbers.qty(alert.qty);
  const onError = (error: unknown) => tellFault(faultOf(error), t('offline'));
  const close = useMutation(
    trpc.alerts.close.mutationOptions({ onSuccess: () => toast(t('closeSent', { symbol })), onError }),
  );
  const stop = useMutation(
    trpc.alerts.placeStop.mutationOptions({ onSuccess: () => toast(t('stopSent', { symbol })), onError }),
  );
  const busy = close.isPending || stop.isPending;
  return (
    <div data-unprotected={alert.symbol}>
      <Banner
        tone="harm"
        action={
          <div className="flex shrink-0 flex-wrap justify-end gap-2">
            {alert.stopPrice !== null && (
              <Button
                size="small"
                className="max-md:h-11"
                aria-label={t('stopLabel', { symbol, price: numbers.price(alert.stopPrice) })}
                busy={stop.isPending}
                disabled={busy}
                onClick={() => stop.mutate({ id: alert.id })}
              >
                {t('stop')}
              </Button>
            )}
            <Button
              size="small"
              look="danger"
              className="max-md:h-11"
              aria-label={t('closeLabel', { symbol, qty })}
              busy={close.isPending}
              disabled={busy}
              onClick={() => close.mutate({ id: alert.id })}
            >
              {t('close')}
            </Button>
          </div>
        }
      >
        <span className="font-medium">{t(`banner.${alert.reason}`, { symbol, qty })}</span>
        {alert.message !== null && (
          <span className="max-md:hidden"> {t('words', { message: alert.message })}</span>
        )}
      </Banner>
    </div>
  );
}
