'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Order } from '@/domain/order/order';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { FaultNote } from '../fault-note';
import { useOrderCache } from '../use-order-cache';

/** What a person can decide about an order in review: cancel it by its id, or say that it never was. */
export function DismissReview({ order }: { order: Order }) {
  const t = useTranslations('story.review');
  const trpc = useTRPC();
  const cache = useOrderCache();
  const { id } = order;
  const cancel = useMutation(trpc.orders.cancel.mutationOptions({ onSuccess: cache.put }));
  const dismiss = useMutation(trpc.orders.dismiss.mutationOptions({ onSuccess: cache.put }));
  const error = cancel.error ?? dismiss.error;
  return (
    <section aria-label={t('title')} className="grid gap-2 rounded-md border border-line p-2.5 text-table">
      <p>{t('text')}</p>
      <div className="flex flex-wrap gap-2">
        <Button className="max-md:h-11" busy={cancel.isPending} onClick={() => cancel.mutate({ id })}>
          {t('cancel')}
        </Button>
        <Button
          look="danger"
          className="max-md:h-11"
          busy={dismiss.isPending}
          onClick={() => dismiss.mutate({ id })}
        >
          {t('dismiss')}
        </Button>
      </div>
      {cancel.isSuccess && <p role="status">{t('cancelled')}</p>}
      {error !== null && <FaultNote fault={faultOf(error)} offlineText={t('offline')} />}
    </section>
  );
}
