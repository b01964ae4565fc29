'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Connection } from '@/domain/account/connection';
import { useAccounts } from '../../trpc/accounts/use-accounts';
import { Button } from '../../ui/form/button';
import { Skeleton } from '../../ui/layout/skeleton';
import { FaultBanner } from '../../trpc/fault-banner';
import { AddAccount } from './add-account';
import { ArmDialog } from './arm-dialog';
import { ConnectionCard } from './connection-card';
import { RemoveDialog } from './remove-dialog';
import { KeysDialog } from './keys-dialog';
import { RenameDialog } from './rename-dialog';

type Asked = { what: 'arm' | 'keys' | 'rename' | 'remove'; account: Connection };

/** A user's accounts: what each is, whether its keys work, and the switch of those that trade real money. */
export function ConnectionsView() {
  const t = useTranslations('accounts');
  const { data, error, refetch } = useAccounts();
  const [isAdding, setAdding] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  if (data === undefined) {
    if (error === null) return <Skeleton className="h-48 w-full" />;
    return <FaultBanner error={error} onRetry={() => void refetch()} />;
  }
  const { connections, liveTrading, gateway, most } = data;
  const isFull = connections.length >= most;
  const close = () => setAsked(null);
  const of = (what: Asked['what']) => (asked?.what === what ? asked.account : null);
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" disabled={isFull} onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          {t('add')}
        </Button>
        <p className="text-table text-muted">
          {t(isFull ? 'full' : 'count', { count: connections.length, most })}
        </p>
      </div>
      <ul className="grid gap-3">
        {connections.map((account) => (
          <li key={account.id}>
            <ConnectionCard account={account} onAsk={(what) => setAsked({ what, account })} />
          </li>
        ))}
      </ul>
      <AddAccount open={isAdding} onOpen={setAdding} liveTrading={liveTrading} gateway={gateway} />
      <ArmDialog account={of('arm')} onClose={close} />
      <KeysDialog account={of('keys')} onClose={close} />
      <RenameDialog account={of('rename')} onClose={close} />
      <RemoveDialog account={of('remove')} onClose={close} />
    </div>
  );
}
