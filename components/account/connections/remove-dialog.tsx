'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useTRPCClient } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { FaultBanner } from '../../trpc/fault-banner';
import { FreshField, useFresh } from '../fresh';
import { useStateChanged } from '../use-state-changed';
import { type AboutAccount, AccountDialog } from './account-dialog';

export function RemoveDialog(about: AboutAccount) {
  const t = useTranslations('accounts');
  return (
    <AccountDialog {...about} title={(name) => t('removeTitle', { name })} description={t('removeText')}>
      {({ id }) => <RemoveForm accountId={id} onClose={about.onClose} />}
    </AccountDialog>
  );
}

function RemoveForm({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const t = useTranslations('accounts');
  const client = useTRPCClient();
  const changed = useStateChanged();
  const fresh = useFresh();
  const remove = useMutation({
    mutationFn: () => fresh.with(() => client.connections.remove.mutate({ accountId })),
    onSuccess: () => {
      changed();
      onClose();
    },
  });
  const { fields } = faultOf(remove.error);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!remove.isPending) remove.mutate();
      }}
    >
      <FreshField fresh={fresh} error={fields[0]?.message} />
      {remove.error !== null && fields.length === 0 && <FaultBanner error={remove.error} />}
      <Button type="submit" look="harm" busy={remove.isPending}>
        {t('removeButton')}
      </Button>
    </form>
  );
}
