'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Connection } from '@/domain/account/connection';
import { useTRPC } from '../../trpc/client';
import { Button } from '../../ui/form/button';
import { Field } from '../../ui/form/field';
import { Input } from '../../ui/form/input';
import { FaultBanner } from '../../trpc/fault-banner';
import { useStateChanged } from '../use-state-changed';
import { type AboutAccount, AccountDialog } from './account-dialog';

export function RenameDialog(about: AboutAccount) {
  const t = useTranslations('accounts');
  return (
    <AccountDialog {...about} title={(name) => t('renameTitle', { name })}>
      {(account) => <RenameForm account={account} onClose={about.onClose} />}
    </AccountDialog>
  );
}

function RenameForm({ account, onClose }: { account: Connection; onClose: () => void }) {
  const t = useTranslations('accounts');
  const trpc = useTRPC();
  const changed = useStateChanged();
  const [name, setName] = useState(account.name);
  const rename = useMutation(
    trpc.connections.update.mutationOptions({
      onSuccess: () => {
        changed();
        onClose();
      },
    }),
  );
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ accountId: account.id, name });
      }}
    >
      <Field label={t('name')}>
        {(parts) => (
          <Input
            {...parts}
            required
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {rename.error !== null && <FaultBanner error={rename.error} />}
      <Button type="submit" look="primary" busy={rename.isPending}>
        {t('renameButton')}
      </Button>
    </form>
  );
}
