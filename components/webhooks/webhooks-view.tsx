'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Webhook as WebhookIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Webhook } from '@/domain/webhook/hook';
import { useTRPC } from '../trpc/client';
import { Button } from '../ui/form/button';
import { Check } from '../ui/form/check';
import { EmptyState } from '../ui/layout/empty-state';
import { Skeleton } from '../ui/layout/skeleton';
import { FaultBanner } from '../trpc/fault-banner';
import { HookDetail } from './hook-detail';
import { HookList } from './hook-list';
import { MakeHook } from './make-hook';
import { SecretOnce } from './setup/secret-once';
import { useHooksChanged } from './use-hooks';

/** A trader's webhooks: the list, the chosen one, and the making of another. */
export function WebhooksView() {
  const t = useTranslations('webhooks');
  const trpc = useTRPC();
  const [withDeleted, setWithDeleted] = useState(false);
  const [isMaking, setMaking] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [shown, setShown] = useState<{ name: string; secret: string } | null>(null);
  const onChanged = useHooksChanged();
  const { data, error, refetch } = useQuery(trpc.webhooks.list.queryOptions({ deleted: true }));
  const onSecret = ({ webhook, secret }: { webhook: Webhook; secret: string }) => {
    setMaking(false);
    setChosen(webhook.id);
    setShown({ name: webhook.name, secret });
    onChanged();
  };
  if (data === undefined) {
    if (error === null) return <Skeleton className="h-48 w-full" />;
    return <FaultBanner error={error} onRetry={() => void refetch()} />;
  }
  const hooks = data.webhooks.filter(({ deletedAt }) => withDeleted || deletedAt === null);
  const hasDeleted = data.webhooks.some(({ deletedAt }) => deletedAt !== null);
  const hook = hooks.find(({ id }) => id === chosen) ?? hooks[0];
  const make = (
    <Button look="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden />
      {t('make')}
    </Button>
  );
  return (
    <>
      {hook === undefined ? (
        <EmptyState icon={WebhookIcon} title={t('emptyTitle')} text={t('emptyText')} action={make} />
      ) : (
        <div className="grid gap-5 md:grid-cols-[13rem_minmax(0,1fr)]">
          <div className="grid content-start gap-2">
            {make}
            <HookList hooks={hooks} chosen={hook.id} onChoose={setChosen} />
          </div>
          <HookDetail key={hook.id} hook={hook} onSecret={onSecret} />
        </div>
      )}
      {hasDeleted && <Check label={t('showDeleted')} checked={withDeleted} onChecked={setWithDeleted} />}
      <MakeHook open={isMaking} onOpen={setMaking} onMade={onSecret} />
      <SecretOnce shown={shown} onDone={() => setShown(null)} />
    </>
  );
}
