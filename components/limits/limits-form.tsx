'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { RiskProfile } from '@/domain/risk/profile';
import { useTRPC } from '../trpc/client';
import { faultOf } from '../trpc/errors';
import { FaultBanner } from '../trpc/fault-banner';
import { SaveLine } from '../ui/form/save-line';
import { LimitFields } from './limit-fields';
import { draftOf, type NumberLimit, profileOf } from './limits-draft';

type Props = { accountId: string; profile: RiskProfile; imposed: RiskProfile };

/** The owner's limits, each beside the desk's own where there is one. */
export function LimitsForm({ accountId, profile, imposed }: Props) {
  const t = useTranslations('limits');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(profile));
  const [notNumbers, setNotNumbers] = useState<readonly NumberLimit[]>([]);
  const save = useMutation(
    trpc.risk.update.mutationOptions({
      onSuccess: (saved) => {
        setDraft(draftOf(saved.profile));
        queryClient.setQueryData(trpc.risk.profile.queryKey({}), saved);
        void queryClient.invalidateQueries({ queryKey: trpc.risk.changes.queryKey() });
      },
    }),
  );
  const fault = faultOf(save.error);
  const faults = [
    ...notNumbers.map((field) => ({ field: `profile.${field}`, message: t('notANumber') })),
    ...fault.fields,
  ];
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        const read = profileOf(draft);
        save.reset();
        setNotNumbers('notNumbers' in read ? read.notNumbers : []);
        if ('profile' in read) save.mutate({ accountId, profile: read.profile });
      }}
    >
      <LimitFields
        draft={draft}
        onDraft={(next) => {
          setDraft(next);
          if (save.isSuccess) save.reset();
        }}
        imposed={imposed}
        faults={faults}
      />
      {save.error !== null && fault.fields.length === 0 && <FaultBanner error={save.error} />}
      <SaveLine label={t('save')} busy={save.isPending} saved={save.isSuccess && t('saved')} />
    </form>
  );
}
