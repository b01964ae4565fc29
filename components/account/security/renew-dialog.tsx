'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useTRPCClient } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Dialog } from '../../ui/overlay/dialog';
import { FaultBanner } from '../../trpc/fault-banner';
import { FreshField, useFresh } from '../fresh';

type Props = { open: boolean; onClose: () => void; onCodes: (codes: readonly string[]) => void };

export function RenewDialog({ open, onClose, onCodes }: Props) {
  const t = useTranslations('security');
  return (
    <Dialog
      open={open}
      onOpen={(next) => {
        if (!next) onClose();
      }}
      title={t('renew')}
      description={t('renewText')}
      closeLabel={t('close')}
    >
      <RenewForm onCodes={onCodes} />
    </Dialog>
  );
}

function RenewForm({ onCodes }: Pick<Props, 'onCodes'>) {
  const t = useTranslations('security');
  const client = useTRPCClient();
  const fresh = useFresh();
  const renew = useMutation({
    mutationFn: () => fresh.with(() => client.security.renewRecoveryCodes.mutate()),
    onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
  });
  const { fields } = faultOf(renew.error);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!renew.isPending) renew.mutate();
      }}
    >
      <FreshField fresh={fresh} error={fields.length === 0 ? undefined : t('wrongCode')} />
      {renew.error !== null && fields.length === 0 && <FaultBanner error={renew.error} />}
      <Button type="submit" look="primary" busy={renew.isPending}>
        {t('renewButton')}
      </Button>
    </form>
  );
}
