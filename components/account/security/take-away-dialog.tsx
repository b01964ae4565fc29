'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Dialog } from '../../ui/overlay/dialog';
import { FaultBanner } from '../../trpc/fault-banner';
import { useStateChanged } from '../use-state-changed';
import { CodeField } from './code-field';
import { PasswordField } from './password-field';

type Props = { open: boolean; onClose: () => void };

export function TakeAwayDialog({ open, onClose }: Props) {
  const t = useTranslations('security');
  return (
    <Dialog
      open={open}
      onOpen={(next) => {
        if (!next) onClose();
      }}
      title={t('away')}
      description={t('awayText')}
      closeLabel={t('close')}
    >
      <TakeAwayForm onClose={onClose} />
    </Dialog>
  );
}

function TakeAwayForm({ onClose }: { onClose: () => void }) {
  const t = useTranslations('security');
  const trpc = useTRPC();
  const changed = useStateChanged();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const disable = useMutation(
    trpc.security.disable.mutationOptions({
      onSuccess: () => {
        changed();
        onClose();
      },
    }),
  );
  const { fields } = faultOf(disable.error);
  const isAt = (name: string) => fields.some(({ field }) => field === name);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!disable.isPending) disable.mutate({ password, code });
  }
  return (
    <form onSubmit={submit} className="grid gap-3">
      <PasswordField value={password} onValue={setPassword} isWrong={isAt('password')} />
      <CodeField value={code} onValue={setCode} isWrong={isAt('code')} />
      {disable.error !== null && fields.length === 0 && <FaultBanner error={disable.error} />}
      <Button type="submit" look="harm" busy={disable.isPending}>
        {t('awayButton')}
      </Button>
    </form>
  );
}
