'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Webhook } from '@/domain/webhook/hook';
import { NO_HOOK_LIMITS } from '@/domain/webhook/hook-limits';
import { useAccountScope } from '../trpc/accounts/scope';
import { useTRPC } from '../trpc/client';
import { faultOf } from '../trpc/errors';
import { Button } from '../ui/form/button';
import { Field } from '../ui/form/field';
import { Select } from '../ui/form/select';
import { Dialog } from '../ui/overlay/dialog';
import { FaultBanner } from '../trpc/fault-banner';
import { HookFields } from './hook-fields';
import { draftOf, limitsOf } from './limits-draft';

type Props = {
  open: boolean;
  onOpen: (open: boolean) => void;
  onMade: (made: { webhook: Webhook; secret: string }) => void;
};

export function MakeHook({ open, onOpen, onMade }: Props) {
  const t = useTranslations('webhooks');
  return (
    <Dialog open={open} onOpen={onOpen} title={t('make')} description={t('makeText')} closeLabel={t('close')}>
      <MakeForm onMade={onMade} />
    </Dialog>
  );
}

function MakeForm({ onMade }: Pick<Props, 'onMade'>) {
  const t = useTranslations('webhooks');
  const tAccount = useTranslations('account');
  const trpc = useTRPC();
  const [draft, setDraft] = useState({ ...draftOf(NO_HOOK_LIMITS), name: '' });
  const [chosen, setChosen] = useState<string | null>(null);
  const accounts = useQuery(trpc.account.list.queryOptions()).data?.accounts ?? [];
  const make = useMutation(trpc.webhooks.create.mutationOptions({ onSuccess: onMade }));
  const { accountId: shown } = useAccountScope();
  const accountId = chosen ?? shown ?? undefined;
  const { fields } = faultOf(make.error);
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({
          name: draft.name,
          limits: limitsOf(draft),
          ...(accountId === undefined ? {} : { accountId }),
        });
      }}
    >
      {accounts.length > 1 && (
        <Field label={t('account')}>
          {(parts) => (
            <Select
              {...parts}
              value={accountId ?? ''}
              onValue={setChosen}
              options={accounts.map(({ id, name, kind }) => ({
                value: id,
                label: `${name} · ${tAccount(`kind.${kind}`)}`,
              }))}
            />
          )}
        </Field>
      )}
      <HookFields draft={draft} onDraft={setDraft} faults={fields} />
      {make.error !== null && fields.length === 0 && <FaultBanner error={make.error} />}
      <Button type="submit" look="primary" busy={make.isPending}>
        {t('makeButton')}
      </Button>
    </form>
  );
}
