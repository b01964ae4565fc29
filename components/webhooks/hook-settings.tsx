'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Webhook } from '@/domain/webhook/hook';
import { useTRPC } from '../trpc/client';
import { faultOf } from '../trpc/errors';
import { SaveLine } from '../ui/form/save-line';
import { FaultBanner } from '../trpc/fault-banner';
import { HookFields } from './hook-fields';
import { draftOf, limitsOf } from './limits-draft';
import { useHooksChanged } from './use-hooks';

/** The hook's name and limits, to be changed. */
export function HookSettings({ hook }: { hook: Webhook }) {
  const t = useTranslations('webhooks');
  const trpc = useTRPC();
  const [draft, setDraft] = useState({ ...draftOf(hook.limits), name: hook.name });
  const save = useMutation(trpc.webhooks.update.mutationOptions({ onSuccess: useHooksChanged() }));
  const { fields } = faultOf(save.error);
  return (
    <form
      className="grid max-w-md gap-3 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ id: hook.id, name: draft.name, limits: limitsOf(draft) });
      }}
    >
      <p className="text-table text-muted">{t('limitsText')}</p>
      <HookFields draft={draft} onDraft={setDraft} faults={fields} />
      {save.error !== null && fields.length === 0 && <FaultBanner error={save.error} />}
      <SaveLine label={t('save')} busy={save.isPending} saved={save.isSuccess && t('saved')} />
    </form>
  );
}
