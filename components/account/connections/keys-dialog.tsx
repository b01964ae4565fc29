'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Connection } from '@/domain/account/connection';
import { useAccountScope } from '../../trpc/accounts/scope';
import { FaultBanner } from '../../trpc/fault-banner';
import { useTRPCClient } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Field } from '../../ui/form/field';
import { Input } from '../../ui/form/input';
import { FreshField, useFresh } from '../fresh';
import { NeedsFactor } from '../needs-factor';
import { useStateChanged } from '../use-state-changed';
import { type AboutAccount, AccountDialog } from './account-dialog';

/** New keys to the same account at the broker, where the old ones were revoked or changed. */
export function KeysDialog(about: AboutAccount) {
  const t = useTranslations('accounts');
  return (
    <AccountDialog {...about} title={(name) => t('keys.title', { name })}>
      {(account) => <KeysForm account={account} onClose={about.onClose} />}
    </AccountDialog>
  );
}

function KeysForm({ account, onClose }: { account: Connection; onClose: () => void }) {
  const t = useTranslations('accounts');
  const client = useTRPCClient();
  const changed = useStateChanged();
  const fresh = useFresh();
  const { accountId } = useAccountScope();
  const [keyId, setKeyId] = useState('');
  const [secretKey, setSecretKey] = useState('');
  const replace = useMutation({
    mutationFn: () =>
      fresh.with(() => client.connections.replaceKeys.mutate({ accountId: account.id, keyId, secretKey })),
    onSuccess: () => {
      changed();
      onClose();
      // The tab's stream of prices hangs on the feed of the old keys.
      if (account.id === accountId) window.location.reload();
    },
  });
  const { fields } = faultOf(replace.error);
  const faultAt = (name: string) => fields.find(({ field }) => field === name)?.message;
  if (account.live !== null && fresh.isEnrolled === false) return <NeedsFactor />;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!replace.isPending) replace.mutate();
      }}
    >
      <p className="text-table text-muted">{t(account.live === null ? 'keys.text' : 'keys.liveText')}</p>
      <Field label={t('keyId')} error={faultAt('keyId')}>
        {(parts) => (
          <Input
            {...parts}
            required
            autoComplete="off"
            spellCheck={false}
            value={keyId}
            onChange={(event) => setKeyId(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('secretKey')} hint={t('keysHint')} error={faultAt('secretKey')}>
        {(parts) => (
          <Input
            {...parts}
            required
            type="password"
            autoComplete="off"
            value={secretKey}
            onChange={(event) => setSecretKey(event.target.value)}
          />
        )}
      </Field>
      <FreshField fresh={fresh} error={faultAt('code')} />
      {replace.error !== null && fields.length === 0 && <FaultBanner error={replace.error} />}
      <Button type="submit" look={account.live === null ? 'primary' : 'harm'} busy={replace.isPending}>
        {t('keys.button')}
      </Button>
    </form>
  );
}
