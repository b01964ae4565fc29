'use client';

import { useMutation } from '@tanstack/react-query';
import { CornerDownRight, Pencil, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import type { Order } from '@/domain/order/order';
import { useTRPC } from '../../trpc/client';
import { faultOf } from '../../trpc/errors';
import { Button } from '../../ui/form/button';
import { Cell, STAYS } from '../../ui/layout/table';
import { useNumbers } from '../../ui/number/use-numbers';
import { OrderAmount, OrderPrice, OrderSide } from '../order-side';
import { Moment } from '../../ui/number/moment';
import { StatusBadge } from '../status-badge';
import { StoryButton } from '../story/story-button';
import { useFaultToast } from '../use-fault-toast';
import { useOrderCache } from '../use-order-cache';
import { useOrderWords } from '../use-order-words';
import type { FamilyRow } from './family';
import { ReplaceForm } from './replace-form';
import { isReplaceable } from './replacement';

type Props = FamilyRow & { columns: number };

export function WorkingRow({ order, exit, columns }: Props) {
  const t = useTranslations('orders');
  const numbers = useNumbers();
  const say = useOrderWords();
  const [isEdited, setEdited] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const canReplace = isReplaceable(order);
  function close() {
    setEdited(false);
    opener.current?.focus();
  }
  return (
    <>
      <tr data-order={order.id} className="relative hover:bg-raised">
        <Cell className="font-semibold">
          <span className="flex items-center gap-1">
            {exit !== null && <CornerDownRight aria-hidden className="size-3.5 shrink-0 text-muted" />}
            <span className="flex items-baseline gap-1 max-md:grid max-md:justify-items-start max-md:gap-0">
              <StoryButton order={order} />
              {exit !== null && (
                <span className="text-label font-medium text-muted">{t(`exit.${exit}`)}</span>
              )}
            </span>
          </span>
        </Cell>
        <Cell>
          <OrderSide order={order} />
        </Cell>
        <Cell right>
          <OrderAmount order={order} />
        </Cell>
        {/* Left on a phone, where the actions lie over the right end of a wide column. */}
        <Cell right className="max-md:text-left">
          <OrderPrice order={order} />
        </Cell>
        <Cell right>{numbers.qty(order.filledQty)}</Cell>
        <Cell>
          {t(`inForce.${order.timeInForce}`)}
          {order.extendedHours && ` · ${t('extended')}`}
        </Cell>
        <Cell>
          <StatusBadge status={order.status} />
        </Cell>
        <Cell right>
          <Moment at={order.createdAt} />
        </Cell>
        <Cell right className={STAYS}>
          <div className="relative z-10 flex justify-end gap-1">
            {exit !== 'leg' && (
              <>
                <Button
                  ref={opener}
                  size="small"
                  className="px-1.5 max-md:h-9 max-md:px-2.5"
                  aria-label={t('replace.title', { order: say(order) })}
                  title={t('replace.open')}
                  aria-expanded={isEdited}
                  disabled={!canReplace}
                  onClick={() => (isEdited ? close() : setEdited(true))}
                >
                  <Pencil aria-hidden />
                </Button>
                <CancelButton order={order} />
              </>
            )}
          </div>
        </Cell>
      </tr>
      {isEdited && canReplace && (
        <tr>
          <Cell colSpan={columns} className="bg-raised">
            <ReplaceForm order={order} onClose={close} />
          </Cell>
        </tr>
      )}
    </>
  );
}

function CancelButton({ order }: { order: Order }) {
  const t = useTranslations('orders');
  const trpc = useTRPC();
  const cache = useOrderCache();
  const say = useOrderWords();
  const tellFault = useFaultToast();
  const cancel = useMutation(
    trpc.orders.cancel.mutationOptions({
      onSuccess: cache.put,
      onError: (error) => tellFault(faultOf(error), t('cancelOffline')),
    }),
  );
  return (
    <Button
      size="small"
      className="max-md:h-9 max-md:px-2.5"
      aria-label={t('cancelOrder', { order: say(order) })}
      disabled={order.status === 'pending_cancel'}
      busy={cancel.isPending}
      onClick={() => cancel.mutate({ id: order.id })}
    >
      <span className="max-md:sr-only">{t('cancel')}</span>
      <X aria-hidden className="md:hidden" />
    </Button>
  );
}
