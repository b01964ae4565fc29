'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Connection } from '@/domain/account/connection';
import { useTRPCClient } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Dialog } from '../../ui/overlay/dialog';
import { FaultBanner } from '../../trpc/fault-banner';
import { FreshField, useFresh } from '../fresh';
import { useStateChanged } from '../use-state-changed';

type Props = { account: Connection | null; onClose: () => void };

export function RemoveDialog({ account, onClose }: Props) {
  const t = useTranslations('accounts');
  return (
    <Dialog
      open={account !== null}
      onOpen={(open) => {
        if (!open) onClose();
      }}
      title={t('removeTitle', { name: account?.name ?? '' })}
      description={t('removeText')}
      closeLabel={t('close')}
    >
      {account !== null && <RemoveForm accountId={account.id} onClose={onClose} />}
    </Dialog>
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
