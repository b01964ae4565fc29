'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Dialog } from '../../ui/overlay/dialog';
import { FaultBanner } from '../../trpc/fault-banner';
import { useStateChanged } from '../use-state-changed';
import { CodeField } from './code-field';

type Props = { open: boolean; onClose: () => void };

/** Proves the second factor ahead of what will ask for it elsewhere. */
export function ConfirmDialog({ open, onClose }: Props) {
  const t = useTranslations('security');
  return (
    <Dialog
      open={open}
      onOpen={(next) => {
        if (!next) onClose();
      }}
      title={t('confirmNow')}
      description={t('confirmText')}
      closeLabel={t('close')}
    >
      <ConfirmForm onClose={onClose} />
    </Dialog>
  );
}

function ConfirmForm({ onClose }: { onClose: () => void }) {
  const t = useTranslations('security');
  const trpc = useTRPC();
  const changed = useStateChanged();
  const [code, setCode] = useState('');
  const confirm = useMutation(
    trpc.security.confirm.mutationOptions({
      onSuccess: () => {
        changed();
        onClose();
      },
    }),
  );
  const { fields } = faultOf(confirm.error);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!confirm.isPending) confirm.mutate({ code });
      }}
    >
      <CodeField value={code} onValue={setCode} isWrong={fields.length > 0} />
      {confirm.error !== null && fields.length === 0 && <FaultBanner error={confirm.error} />}
      <Button type="submit" look="primary" busy={confirm.isPending}>
        {t('confirmNow')}
      </Button>
    </form>
  );
}
