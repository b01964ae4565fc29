'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Webhook } from '@/domain/webhook/hook';
import { useTRPC } from '../trpc/client';
import { Button } from '../ui/form/button';
import { Dialog } from '../ui/overlay/dialog';
import { FaultBanner } from '../trpc/fault-banner';
import { useHooksChanged } from './use-hooks';

type Props = { hook: Webhook; onSecret: (made: { webhook: Webhook; secret: string }) => void };
type Asked = 'rotate' | 'delete';

/** Stop and go, a new secret, and the end of a hook; what cannot be undone asks first. */
export function HookActions({ hook, onSecret }: Props) {
  const t = useTranslations('webhooks');
  const trpc = useTRPC();
  const [asked, setAsked] = useState<Asked | null>(null);
  const onChanged = useHooksChanged();
  const close = () => setAsked(null);
  const update = useMutation(trpc.webhooks.update.mutationOptions({ onSuccess: onChanged }));
  const remove = useMutation(
    trpc.webhooks.delete.mutationOptions({
      onSuccess: () => {
        close();
        onChanged();
      },
    }),
  );
  const rotate = useMutation(
    trpc.webhooks.rotate.mutationOptions({
      onSuccess: (made) => {
        close();
        onChanged();
        onSecret(made);
      },
    }),
  );
  const { id, name, enabled } = hook;
  const deciding = asked === 'delete' ? remove : rotate;
  return (
    <div className="flex flex-wrap gap-2">
      <Button busy={update.isPending} onClick={() => update.mutate({ id, enabled: !enabled })}>
        {t(enabled ? 'disable' : 'enable')}
      </Button>
      <Button onClick={() => setAsked('rotate')}>{t('rotate')}</Button>
      <Button look="danger" onClick={() => setAsked('delete')}>
        {t('delete')}
      </Button>
      {update.error !== null && <FaultBanner error={update.error} />}
      <Dialog
        open={asked !== null}
        onOpen={(open) => {
          if (!open) close();
        }}
        title={t(asked === 'delete' ? 'deleteTitle' : 'rotateTitle', { name })}
        description={t(asked === 'delete' ? 'deleteText' : 'rotateText')}
        closeLabel={t('close')}
      >
        <div className="grid gap-3">
          {deciding.error !== null && <FaultBanner error={deciding.error} />}
          <Button
            look={asked === 'delete' ? 'harm' : 'primary'}
            busy={deciding.isPending}
            onClick={() => deciding.mutate({ id })}
          >
            {t(asked === 'delete' ? 'deleteButton' : 'rotateButton')}
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
