import type { Order } from '@/domain/order/order';
import type { EventBus } from '@/server/platform/event-bus';
import type { JobCounts, Line, OrderQueue } from '@/server/platform/redis/order-queue';
import { patiently } from '@/server/platform/patience';
import type { PaperRecord } from '../../accounts/account-record';
import type { OrderNotice } from '../../context';
import type { OrderRow } from '../order-record';
import type { OrderSender } from './order-sender';

/** Gives received orders to whichever process sends them; none of a live account, which the desk alone sends. */
export type OrderDispatch = {
  /** The order when the venue's word about it is in the books; null when nobody waits any longer. */
  send(account: PaperRecord, row: OrderRow, patienceMs: number): Promise<Order | null>;
  /** What BullMQ holds; null while Redis does not answer. */
  counts(): Promise<JobCounts | null>;
};

export const lineOf = ({ kind }: Pick<PaperRecord, 'kind'>): Line =>
  kind === 'simulated' ? 'simulated-orders' : 'orders';

type Parts = {
  queue: Pick<OrderQueue, 'add' | 'counts'>;
  sender: Pick<OrderSender, 'wake'>;
  /** Where this process hears of orders, whoever wrote. */
  orderBus: Pick<EventBus<OrderNotice>, 'subscribe'>;
};

export function createOrderDispatch({ queue, sender, orderBus }: Parts): OrderDispatch {
  return {
    async send(account, row, patienceMs) {
      let forget = (): void => undefined;
      const answered = new Promise<Order>((resolve) => {
        forget = orderBus.subscribe(row.userId, ({ order }) => {
          if (order.id === row.id && order.status !== 'submitting') resolve(order);
        });
      });
      const isTaken = queue.add(lineOf(account), { orderId: row.id, accountId: account.id });
      // Without Redis this process sends it; it would find it anyway, but later.
      void isTaken.then((taken) => (taken ? undefined : sender.wake(account.id)));
      const order = await patiently(answered, patienceMs, null);
      forget();
      return order;
    },
    counts: () => queue.counts(),
  };
}
