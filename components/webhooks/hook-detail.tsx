'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Webhook } from '@/domain/webhook/hook';
import { KindBadge } from '../trpc/accounts/kind-badge';
import { useAccounts } from '../trpc/accounts/use-accounts';
import { Moment } from '../ui/number/moment';
import { type Tab, Tabs } from '../ui/layout/tabs';
import { DeliveryLog } from './delivery-log';
import { HookActions } from './hook-actions';
import { HookState } from './hook-list';
import { HookSettings } from './hook-settings';
import { MappingEditor } from './mapping/mapping-editor';
import { Examples } from './setup/examples';

type Props = { hook: Webhook; onSecret: (made: { webhook: Webhook; secret: string }) => void };

/** Everything about one hook; of a deleted one the log is left. */
export function HookDetail({ hook, onSecret }: Props) {
  const t = useTranslations('webhooks');
  const [tab, setTab] = useState('setup');
  const isDeleted = hook.deletedAt !== null;
  const log: Tab = { value: 'log', label: t('tabs.log'), content: <DeliveryLog hook={hook} /> };
  const tabs: Tab[] = isDeleted
    ? [log]
    : [
        { value: 'setup', label: t('tabs.setup'), content: <Examples hook={hook} /> },
        { value: 'limits', label: t('tabs.limits'), content: <HookSettings hook={hook} /> },
        { value: 'mapping', label: t('tabs.mapping'), content: <MappingEditor hook={hook} /> },
        log,
      ];
  return (
    <section aria-labelledby="hook" className="grid min-w-0 content-start gap-3" data-hook={hook.id}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id="hook" className="min-w-0 truncate text-base font-semibold">
          {hook.name}
        </h2>
        <HookState hook={hook} />
        <HookAccount accountId={hook.accountId} />
        <span className="text-label text-muted">
          {t('secretOf')} <Moment at={hook.rotatedAt ?? hook.createdAt} />
        </span>
      </div>
      {!isDeleted && <HookActions hook={hook} onSecret={onSecret} />}
      <div className="rounded-md border border-line bg-surface">
        <Tabs label={hook.name} value={isDeleted ? 'log' : tab} onValue={setTab} tabs={tabs} />
      </div>
    </section>
  );
}

/** Which account its orders go to, and whether they move real money; nothing for an account that was removed. */
function HookAccount({ accountId }: { accountId: string }) {
  const account = useAccounts().data?.connections.find(({ id }) => id === accountId);
  if (account === undefined) return null;
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-table">
      <span className="truncate">{account.name}</span>
      <KindBadge kind={account.kind} />
    </span>
  );
}
