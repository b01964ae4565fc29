'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { type ChangeEvent, useState } from 'react';
import { useTRPC, useTRPCClient } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Field } from '../../ui/form/field';
import { Input } from '../../ui/form/input';
import { Segmented } from '../../ui/form/segmented';
import { Banner } from '../../ui/layout/banner';
import { Dialog } from '../../ui/overlay/dialog';
import { FaultBanner } from '../../trpc/fault-banner';
import { type Fresh, FreshField, useFresh } from '../fresh';
import { NeedsFactor } from '../needs-factor';
import { useStateChanged } from '../use-state-changed';

type Kind = 'simulated' | 'paper' | 'ibkr' | 'live';
/** What this desk lets be added beside the rest. */
type Offers = { liveTrading: boolean; gateway: boolean };
type Props = Offers & { open: boolean; onOpen: (open: boolean) => void };

export function AddAccount({ open, onOpen, ...offers }: Props) {
  const t = useTranslations('accounts');
  return (
    <Dialog open={open} onOpen={onOpen} title={t('add')} closeLabel={t('close')}>
      <AddForm {...offers} onDone={() => onOpen(false)} />
    </Dialog>
  );
}

function AddForm({ liveTrading, gateway, onDone }: Offers & { onDone: () => void }) {
  const t = useTranslations('accounts');
  const [kind, setKind] = useState<Kind>('simulated');
  const fresh = useFresh();
  const { data: me } = useQuery(useTRPC().auth.me.queryOptions(undefined, { staleTime: Infinity }));
  const isAdmin = me?.role === 'admin';
  const gatewayFault = gateway ? (isAdmin ? null : 'gatewayAdmins') : 'gatewayOff';
  const adding = useAdding(kind, fresh, onDone);
  const lacksFactor = kind === 'live' && fresh.isEnrolled === false;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        adding.start();
      }}
    >
      <Segmented<Kind>
        label={t('kind')}
        value={kind}
        onValue={setKind}
        choices={[
          { value: 'simulated', label: t('kinds.simulated') },
          { value: 'paper', label: t('kinds.paper') },
          {
            value: 'ibkr',
            label: t('kinds.ibkr'),
            ...(gatewayFault === null ? {} : { unavailable: t(gatewayFault) }),
          },
          {
            value: 'live',
            label: t('kinds.live'),
            ...(liveTrading ? {} : { unavailable: t('liveOff') }),
          },
        ]}
      />
      {kind === 'live' ? (
        <Banner tone="harm" className="rounded-md">
          {t('kindText.live')}
        </Banner>
      ) : (
        <p className="text-table text-muted">{t(`kindText.${kind}`)}</p>
      )}
      {lacksFactor ? <NeedsFactor /> : <AddFields kind={kind} fresh={fresh} adding={adding} />}
    </form>
  );
}

type FieldsProps = { kind: Kind; fresh: Fresh; adding: ReturnType<typeof useAdding> };

function AddFields({ kind, fresh, adding }: FieldsProps) {
  const t = useTranslations('accounts');
  const { error, isBusy, draft, set } = adding;
  const { fields } = faultOf(error);
  const faultAt = (name: string) => fields.find(({ field }) => field === name)?.message;
  const input = (name: keyof Draft) => ({
    required: true,
    autoComplete: 'off',
    value: draft[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => set({ [name]: event.target.value }),
  });
  return (
    <>
      <Field label={t('name')} error={faultAt('name')}>
        {(parts) => <Input {...parts} {...input('name')} maxLength={60} />}
      </Field>
      {kind === 'ibkr' && (
        <Field label={t('accountNumber')} hint={t('accountNumberHint')} error={faultAt('accountNumber')}>
          {(parts) => <Input {...parts} {...input('accountNumber')} spellCheck={false} maxLength={16} />}
        </Field>
      )}
      {(kind === 'paper' || kind === 'live') && (
        <>
          <Field label={t('keyId')} error={faultAt('keyId')}>
            {(parts) => <Input {...parts} {...input('keyId')} spellCheck={false} />}
          </Field>
          <Field label={t('secretKey')} hint={t('keysHint')} error={faultAt('secretKey')}>
            {(parts) => <Input {...parts} {...input('secretKey')} type="password" />}
          </Field>
        </>
      )}
      <FreshField fresh={fresh} error={faultAt('code')} />
      {error !== null && fields.length === 0 && <FaultBanner error={error} />}
      <Button type="submit" look={kind === 'live' ? 'harm' : 'primary'} busy={isBusy}>
        {t(`addButton.${kind}`)}
      </Button>
    </>
  );
}

type Draft = { name: string; keyId: string; secretKey: string; accountNumber: string };

function useAdding(kind: Kind, fresh: Fresh, onDone: () => void) {
  const client = useTRPCClient();
  const changed = useStateChanged();
  const [draft, setDraft] = useState<Draft>({ name: '', keyId: '', secretKey: '', accountNumber: '' });
  const add = useMutation({
    mutationFn: () =>
      fresh.with(() => {
        const { name, keyId, secretKey, accountNumber } = draft;
        if (kind === 'ibkr') return client.connections.addIbkr.mutate({ name, accountNumber });
        if (kind === 'live') return client.connections.addLive.mutate({ name, keyId, secretKey });
        return client.connections.add.mutate(kind === 'paper' ? { name, keyId, secretKey } : { name });
      }),
    onSuccess: () => {
      changed();
      onDone();
    },
  });
  return {
    start: () => {
      if (!add.isPending) add.mutate();
    },
    error: add.error,
    isBusy: add.isPending,
    draft,
    set: (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change })),
  };
}
