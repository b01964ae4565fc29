'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { CodeInput } from '../../ui/form/code-input';
import { Field } from '../../ui/form/field';
import { Dialog } from '../../ui/overlay/dialog';
import { FaultBanner } from '../../trpc/fault-banner';
import { PasswordField } from './password-field';
import { QrCode } from './qr-code';

type Props = { open: boolean; onClose: () => void; onCodes: (codes: readonly string[]) => void };

/** The password, then the secret to scan, then a first code that shows that it was taken. */
export function EnrolDialog({ open, onClose, onCodes }: Props) {
  const t = useTranslations('security');
  return (
    <Dialog
      open={open}
      onOpen={(next) => {
        if (!next) onClose();
      }}
      title={t('setUp')}
      closeLabel={t('close')}
    >
      <Enrolment onCodes={onCodes} />
    </Dialog>
  );
}

function Enrolment({ onCodes }: Pick<Props, 'onCodes'>) {
  const t = useTranslations('security');
  const trpc = useTRPC();
  const [password, setPassword] = useState('');
  const enrol = useMutation(trpc.security.enrol.mutationOptions());
  const { fields } = faultOf(enrol.error);
  if (enrol.data !== undefined) return <FirstCode {...enrol.data} onCodes={onCodes} />;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!enrol.isPending) enrol.mutate({ password });
  }
  return (
    <form onSubmit={submit} className="grid gap-3">
      <p className="text-table text-muted">{t('setUpText')}</p>
      <PasswordField value={password} onValue={setPassword} isWrong={fields.length > 0} />
      {enrol.error !== null && fields.length === 0 && <FaultBanner error={enrol.error} />}
      <Button type="submit" look="primary" busy={enrol.isPending}>
        {t('next')}
      </Button>
    </form>
  );
}

type FirstCodeProps = { secret: string; uri: string; onCodes: Props['onCodes'] };

function FirstCode({ secret, uri, onCodes }: FirstCodeProps) {
  const t = useTranslations('security');
  const trpc = useTRPC();
  const [code, setCode] = useState('');
  const confirm = useMutation(
    trpc.security.confirmEnrolment.mutationOptions({
      onSuccess: ({ recoveryCodes }) => onCodes(recoveryCodes),
    }),
  );
  const { fields } = faultOf(confirm.error);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!confirm.isPending) confirm.mutate({ code });
  }
  return (
    <form onSubmit={submit} className="grid gap-3">
      <p className="text-table text-muted">{t('scan')}</p>
      <QrCode text={uri} label={t('qr')} />
      <p className="text-table text-muted">
        {t('orType')}{' '}
        <code data-secret className="font-mono text-ink select-all">
          {secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
        </code>
      </p>
      <Field
        label={t('firstCode')}
        hint={t('endsOthers')}
        error={fields.length === 0 ? undefined : t('wrongCode')}
      >
        {(parts) => (
          <CodeInput
            {...parts}
            required
            inputMode="numeric"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      {confirm.error !== null && fields.length === 0 && <FaultBanner error={confirm.error} />}
      <Button type="submit" look="primary" busy={confirm.isPending}>
        {t('confirm')}
      </Button>
    </form>
  );
}
