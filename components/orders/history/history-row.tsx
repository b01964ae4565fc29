'use client';

import type { Order } from '@/domain/order/order';
import { Cell } from '../../ui/layout/table';
import { useNumbers } from '../../ui/number/use-numbers';
import { OrderAmount, OrderPrice, OrderSide } from '../order-side';
import { Moment } from '../../ui/number/moment';
import { StatusBadge } from '../status-badge';
import { StoryButton } from '../story/story-button';

export function HistoryRow({ order }: { order: Order }) {
  const numbers = useNumbers();
  const reason = order.reason;
  return (
    <tr data-order={order.id} className="relative hover:bg-raised">
      <Cell>
        <StoryButton order={order} />
      </Cell>
      <Cell>
        <OrderSide order={order} />
      </Cell>
      <Cell>
        <StatusBadge status={order.status} />
      </Cell>
      <Cell right>
        <OrderAmount order={order} />
      </Cell>
      <Cell right>{numbers.qty(order.filledQty)}</Cell>
      <Cell right>
        <OrderPrice order={order} />
      </Cell>
      <Cell right>{numbers.price(order.filledAvgPrice)}</Cell>
      <Cell className="max-w-0 min-w-40 truncate text-muted">
        {reason !== null && (
          <span className="relative z-1" title={reason.message}>
            {reason.message} ({reason.code})
          </span>
        )}
      </Cell>
      <Cell right>
        <Moment at={order.closedAt ?? order.updatedAt} />
      </Cell>
    </tr>
  );
}
