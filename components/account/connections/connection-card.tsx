'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Connection } from '@/domain/account/connection';
import { KindBadge } from '../../trpc/accounts/kind-badge';
import { useAccountScope } from '../../trpc/accounts/scope';
import { useTRPC } from '../../trpc/client';
import { classNames } from '../../ui/class-names';
import { Button } from '../../ui/form/button';
import { Badge } from '../../ui/layout/badge';
import { Banner } from '../../ui/layout/banner';
import { Moment } from '../../ui/number/moment';
import { FaultBanner } from '../../trpc/fault-banner';
import { useStateChanged } from '../use-state-changed';

type Props = { account: Connection; onAsk: (what: 'arm' | 'keys' | 'rename' | 'remove') => void };

export function ConnectionCard({ account, onAsk }: Props) {
  const t = useTranslations('accounts');
  const { id, name, kind, isDefault, keysRefusedSince, gateway, live } = account;
  const { accountId, choose } = useAccountScope();
  const trpc = useTRPC();
  const changed = useStateChanged();
  const update = useMutation(trpc.connections.update.mutationOptions({ onSuccess: changed }));
  const test = useQuery(
    trpc.connections.test.queryOptions({ accountId: id }, { enabled: false, retry: false, gcTime: 0 }),
  );
  // A paused account goes on when the broker took its keys.
  const ask = () => void test.refetch().then(changed);
  const isShown = id === accountId;
  return (
    <section
      aria-label={name}
      data-account-card={kind}
      className={classNames(
        'grid gap-3 rounded-md border bg-surface p-3',
        live === null ? 'border-line' : 'border-2 border-harm',
      )}
    >
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 truncate text-base font-semibold">{name}</h2>
        <KindBadge kind={kind} />
        {isDefault && <Badge>{t('default')}</Badge>}
        {isShown && <Badge tone="accent">{t('shown')}</Badge>}
      </div>
      {keysRefusedSince !== null && (
        <div data-keys-refused>
          <Banner tone="harm" className="rounded-md">
            <span className="font-medium">
              {t('keys.refusedSince')} <Moment at={keysRefusedSince} />
            </span>{' '}
            {t(kind === 'simulated' ? 'keys.simulatedText' : 'keys.refusedText')}
          </Banner>
        </div>
      )}
      {gateway !== null && (
        <p className="text-table text-muted">
          {t('behindGateway')} <span className="font-mono text-ink">{gateway.accountNumber}</span>
        </p>
      )}
      {live !== null && <LiveSwitch account={account} live={live} onArm={() => onAsk('arm')} />}
      <div className="flex flex-wrap items-center gap-2">
        {!isShown && <Button onClick={() => choose(id)}>{t('show')}</Button>}
        <Button busy={test.isFetching} onClick={ask}>
          {t('test')}
        </Button>
        {!isDefault && live === null && (
          <Button busy={update.isPending} onClick={() => update.mutate({ accountId: id, isDefault: true })}>
            {t('makeDefault')}
          </Button>
        )}
        {kind !== 'simulated' && gateway === null && (
          <Button onClick={() => onAsk('keys')}>{t('keys.replace')}</Button>
        )}
        <Button onClick={() => onAsk('rename')}>{t('rename')}</Button>
        <Button look="danger" onClick={() => onAsk('remove')}>
          {t('remove')}
        </Button>
      </div>
      <div role="status" className="empty:-mt-3">
        {test.data !== undefined && !test.isFetching && test.error === null && (
          <p className="flex items-center gap-1.5 text-table">
            <CircleCheck className="size-4 text-up" aria-hidden />
            {t('works', {
              number: test.data.accountNumber,
              status: test.data.status,
              ms: test.data.latencyMs,
            })}
          </p>
        )}
      </div>
      {test.error !== null && !test.isFetching && <FaultBanner error={test.error} />}
      {update.error !== null && <FaultBanner error={update.error} />}
    </section>
  );
}

type SwitchProps = { account: Connection; live: NonNullable<Connection['live']>; onArm: () => void };

/** Whether orders to a live account pass now, and the way to change that. */
function LiveSwitch({ account, live, onArm }: SwitchProps) {
  const t = useTranslations('accounts.live');
  const trpc = useTRPC();
  const changed = useStateChanged();
  const disarm = useMutation(trpc.connections.disarm.mutationOptions({ onSettled: changed }));
  const isArmed = live.armedUntil !== null;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-table">
        <span className="text-muted">
          {t('number')} <span className="font-mono text-ink">{live.accountNumber}</span>
        </span>
        <span className={classNames('font-medium', isArmed && 'text-harm')} data-armed={isArmed}>
          {live.armedUntil === null ? (
            t(live.isTradingOn ? 'disarmed' : 'off')
          ) : (
            <>
              {t('armed')} <Moment at={live.armedUntil} />
            </>
          )}
        </span>
        {isArmed ? (
          <Button
            look="harm"
            busy={disarm.isPending}
            onClick={() => disarm.mutate({ accountId: account.id })}
          >
            {t('disarm')}
          </Button>
        ) : (
          <Button look="danger" disabled={!live.isTradingOn} onClick={onArm}>
            {t('arm')}
          </Button>
        )}
      </div>
      {disarm.data !== undefined && !isArmed && (
        <p role="status" className="text-table text-muted">
          {t('disarmedNow', { working: disarm.data.working })}
        </p>
      )}
      {disarm.error !== null && <FaultBanner error={disarm.error} />}
    </div>
  );
}
