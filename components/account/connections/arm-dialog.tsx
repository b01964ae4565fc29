'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { ARMED_HOURS, armingPhrase } from '@/domain/account/connection';
import { useTRPCClient } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Field } from '../../ui/form/field';
import { Input } from '../../ui/form/input';
import { Banner } from '../../ui/layout/banner';
import { FaultBanner } from '../../trpc/fault-banner';
import { FreshField, useFresh } from '../fresh';
import { NeedsFactor } from '../needs-factor';
import { useStateChanged } from '../use-state-changed';
import { type AboutAccount, AccountDialog } from './account-dialog';

/** The way to real money: a fresh code and a phrase that names the account, typed. */
export function ArmDialog(about: AboutAccount) {
  const t = useTranslations('accounts.arm');
  return (
    <AccountDialog {...about} title={(name) => t('title', { name })}>
      {({ id, live }) =>
        live !== null && <ArmForm accountId={id} number={live.accountNumber} onClose={about.onClose} />
      }
    </AccountDialog>
  );
}

type FormProps = { accountId: string; number: string; onClose: () => void };

function ArmForm({ accountId, number, onClose }: FormProps) {
  const t = useTranslations('accounts.arm');
  const client = useTRPCClient();
  const changed = useStateChanged();
  const fresh = useFresh();
  const [confirmation, setConfirmation] = useState('');
  const arm = useMutation({
    mutationFn: () => fresh.with(() => client.connections.arm.mutate({ accountId, confirmation })),
    onSuccess: () => {
      changed();
      onClose();
    },
  });
  const { fields } = faultOf(arm.error);
  const faultAt = (name: string) => fields.find(({ field }) => field === name)?.message;
  if (fresh.isEnrolled === false) return <NeedsFactor />;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!arm.isPending) arm.mutate();
  }
  const phrase = armingPhrase(number);
  return (
    <form onSubmit={submit} className="grid gap-3">
      <Banner tone="harm" className="rounded-md">
        {t('text', { hours: ARMED_HOURS })}
      </Banner>
      <Field
        label={
          <>
            {t('phrase')} <code className="font-mono text-ink select-all">{phrase}</code>
          </>
        }
        error={faultAt('confirmation') === undefined ? undefined : t('wrongPhrase')}
      >
        {(parts) => (
          <Input
            {...parts}
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={confirmation}
            onChange={(event) => setConfirmation(event.target.value)}
          />
        )}
      </Field>
      <FreshField fresh={fresh} error={faultAt('code')} />
      {arm.error !== null && fields.length === 0 && <FaultBanner error={arm.error} />}
      <div className="flex justify-end gap-2">
        <Button size="large" onClick={onClose}>
          {t('back')}
        </Button>
        <Button type="submit" look="harm" size="large" className="flex-1" busy={arm.isPending}>
          {t('button')}
        </Button>
      </div>
    </form>
  );
}
