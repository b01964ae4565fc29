'use client';

import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import type { Order } from '@/domain/order/order';
import { useIsNarrow } from '../../ui/layout/use-is-narrow';
import { Dialog } from '../../ui/overlay/dialog';
import { Sheet } from '../../ui/overlay/sheet';
import { OrderStory } from './order-story';

type Props = { order: Order | null; onOrder: (order: null) => void };

/** The story of one order: a dialog, and on a phone a sheet. */
export function StoryPanel({ order, onOrder }: Props) {
  const t = useTranslations('story');
  const isNarrow = useIsNarrow();
  const body = useRef<HTMLDivElement>(null);
  const props = {
    open: order !== null,
    onOpen: (open: boolean) => {
      if (!open) onOrder(null);
    },
    title: t('title'),
    closeLabel: t('close'),
  };
  if (isNarrow) {
    return (
      <Sheet {...props}>
        {order !== null && (
          <div className="p-3">
            <OrderStory order={order} />
          </div>
        )}
      </Sheet>
    );
  }
  return (
    <Dialog {...props} initialFocus={body}>
      <div ref={body} tabIndex={-1} className="outline-none">
        {order !== null && <OrderStory order={order} />}
      </div>
    </Dialog>
  );
}
