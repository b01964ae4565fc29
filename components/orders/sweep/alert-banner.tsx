'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { toast } from 'sonner';
import { shownSymbol } from '@/domain/market/option-contract';
import type { Alert, UnprotectedAlert } from '@/domain/protection/alert';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { useOrderEvents } from '../../trpc/stream/hooks';
import { Button } from '../../ui/form/button';
import { Banner } from '../../ui/layout/banner';
import { useNumbers } from '../../ui/number/use-numbers';
import { useFaultToast } from '../use-fault-toast';

/** The stream tells; these are for when it is lost. */
const [OPEN_MS, QUIET_MS] = [5_000, 30_000];

/** Tells what stands against the account, as soon as the desk knows, and offers what can be done. */
export function AlertBanner() {
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
        <AlertLine key={alert.id} alert={alert} />
      ))}
    </section>
  );
}

function AlertLine({ alert }: { alert: Alert }) {
  return alert.kind === 'keys_refused' ? <KeysLine /> : <UnprotectedLine alert={alert} />;
}

function KeysLine() {
  const t = useTranslations('alerts.keys');
  return (
    <div data-keys-refused>
      <Banner
        tone="harm"
        action={
          <Link
            href="/accounts"
            className="flex min-h-7 shrink-0 items-center rounded-md border border-current px-2 font-medium max-md:min-h-11"
          >
            {t('toAccounts')}
          </Link>
        }
      >
        <span className="font-medium">{t('title')}</span>
        <span className="max-md:hidden"> {t('text')}</span>
      </Banner>
    </div>
  );
}

function UnprotectedLine({ alert }: { alert: UnprotectedAlert }) {
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
