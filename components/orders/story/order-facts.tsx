'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Order } from '@/domain/order/order';
import { useNumbers } from '../../ui/number/use-numbers';
import { OrderAmount, OrderPrice } from '../order-side';
import { CopyId } from './copy-id';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-6 items-center justify-between gap-3">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 text-right">{children}</dd>
    </div>
  );
}

/** What an order is and the ids it goes by. */
export function OrderFacts({ order }: { order: Order }) {
  const t = useTranslations('orders');
  const tStory = useTranslations('story');
  const numbers = useNumbers();
  const ids = [
    ['orderId', order.id],
    ['clientOrderId', order.clientOrderId === order.id ? null : order.clientOrderId],
    ['venueOrderId', order.venueOrderId],
    ['parentId', order.parentId],
    ['replacesId', order.replacesId],
  ] as const;
  return (
    <dl className="grid rounded-md bg-ground p-2.5 text-table">
      <Fact name={t('qty')}>
        <OrderAmount order={order} />
      </Fact>
      <Fact name={t('filled')}>
        {numbers.qty(order.filledQty)}
        {order.filledAvgPrice !== null && ` × ${numbers.price(order.filledAvgPrice)}`}
      </Fact>
      <Fact name={t('price')}>
        <OrderPrice order={order} />
      </Fact>
      <Fact name={t('timeInForce')}>
        {t(`inForce.${order.timeInForce}`)}
        {order.extendedHours && ` · ${t('extended')}`}
      </Fact>
      {ids.map(
        ([name, id]) =>
          id !== null && (
            <Fact key={name} name={tStory(`ids.${name}`)}>
              <CopyId name={tStory(`ids.${name}`)} id={id} />
            </Fact>
          ),
      )}
    </dl>
  );
}
