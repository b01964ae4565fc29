import type { Contract, Order } from '@stoqey/ib';
import type { CancelOutcome, SubmitOutcome } from '@/server/brokers/ports';
import { exact } from '@/domain/money';
import type { IbOrder } from '../wire/parse-order';
import { CANCELLED, isCancelRefusal, isChangeRefusal, isRefusal } from '../wire/refusals';
import type { Gateway } from './gateway';

/** What has no answer by then is in doubt and gets looked up. */
const ANSWER_LIMIT_MS = 5_000;
/** What IB has and has not decided about may still be refused: its next word is waited for so long. */
const PENDING_MS = 400;
/** Nothing was written while the gateway is down: the order may come again, as long as it is young. */
const AGAIN_MS = 1_000;

type Talk<Outcome> = {
  gateway: Gateway;
  /** The number of the order it is about; the next free one when it is new. */
  orderId?: number;
  write: (api: Parameters<Parameters<Gateway['send']>[0]>[0], orderId: number) => void;
  news: (order: IbOrder, orderId: number) => Outcome | null;
  error: (code: number, message: string) => Outcome | null;
  doubt: (message: string) => Outcome;
  unsent: (reason: string) => Outcome;
};

/** Writes one message about an order, and listens for the first word that settles what came of it. */
function talk<Outcome>(talking: Talk<Outcome>): Promise<Outcome> {
  const { gateway, write, news, error, doubt, unsent } = talking;
  return new Promise((resolve) => {
    let orderId = talking.orderId ?? -1;
    const settle = (outcome: Outcome | null) => {
      if (outcome === null) return;
      clearTimeout(limit);
      deaf();
      forget();
      resolve(outcome);
    };
    const limit = setTimeout(
      () => settle(doubt('Interactive Brokers did not answer in time')),
      ANSWER_LIMIT_MS,
    );
    const deaf = gateway.watch({
      onNews: ({ order }) => settle(news(order, orderId)),
      onUp: () => undefined,
      onDown: (reason) => settle(doubt(`the gateway went down before it answered: ${reason}`)),
    });
    const forget = gateway.onError((id, code, message) => {
      if (id === orderId) settle(error(code, message));
    });
    const sent = gateway.send((api, id) => {
      orderId = id;
      write(api, id);
    }, talking.orderId);
    if (sent === null) settle(unsent(gateway.down ?? 'it is gone'));
  });
}

const doubtedOutcome = (message: string) => ({ kind: 'doubted', message }) as const;
const refusedOutcome = (code: number, message: string) =>
  ({ kind: 'rejected', code: String(code), message }) as const;

const isPending = ({ status }: IbOrder): boolean => status === 'ApiPending' || status === 'PendingSubmit';

/**
 * Places an order, once. It is acknowledged when IB shows it under a number of its own, rejected when IB says a no
 * that proves that it is not there, and in doubt after anything else. IB itself knows no id that it takes only once:
 * whoever sends again makes a second order.
 */
export async function placeOrder(gateway: Gateway, contract: Contract, order: Order): Promise<SubmitOutcome> {
  const first = await talk<SubmitOutcome | { kind: 'pending'; permId: number; orderId: number }>({
    gateway,
    write: (api, id) => void api.placeOrder(id, contract, order),
    news: (told, orderId) => {
      const isIt = told.orderId === orderId && told.clientId === gateway.clientId;
      if (!isIt || told.ref !== order.orderRef) return null;
      if (isPending(told)) return { kind: 'pending', permId: told.permId, orderId };
      return { kind: 'acknowledged', order: gateway.book.venueOrder(told) };
    },
    error: (code, message) => (isRefusal(code, message) ? refusedOutcome(code, message) : null),
    doubt: doubtedOutcome,
    unsent: (reason) => ({
      kind: 'rejected',
      code: 'not_connected',
      message: `The gateway of Interactive Brokers is not connected (${reason}); nothing was sent.`,
      retryAfterMs: AGAIN_MS,
    }),
  });
  return first.kind === 'pending' ? decided(gateway, first.permId, first.orderId) : first;
}

/** IB has the order and says in a moment what it makes of it; if it takes longer, that it has it is enough. */
function decided(gateway: Gateway, permId: number, orderId: number): Promise<SubmitOutcome> {
  return new Promise((resolve) => {
    const settle = (refusal: SubmitOutcome | null) => {
      clearTimeout(timer);
      deaf();
      forget();
      const order = gateway.book.byPermId(permId);
      if (refusal !== null) resolve(refusal);
      else if (order === null) resolve(doubtedOutcome('Interactive Brokers has it no more'));
      else resolve({ kind: 'acknowledged', order: gateway.book.venueOrder(order) });
    };
    const timer = setTimeout(() => settle(null), PENDING_MS);
    const deaf = gateway.watch({
      onNews: ({ order }) => {
        if (order.permId === permId && !isPending(order) && order.status !== 'Inactive') settle(null);
      },
      onUp: () => undefined,
      onDown: () => settle(null),
    });
    const forget = gateway.onError((id, code, message) => {
      if (id === orderId && isRefusal(code, message)) settle(refusedOutcome(code, message));
    });
  });
}

/** Changes an order where it stands: IB keeps its number and what it filled. Saying the same change twice is one. */
export function changeOrder(
  gateway: Gateway,
  known: IbOrder,
  changed: Order,
): Promise<Exclude<SubmitOutcome, { kind: 'duplicate' }>> {
  const wanted = {
    qty: changed.totalQuantity,
    limit: changed.lmtPrice,
    aux: changed.auxPrice,
    percent: changed.trailingPercent,
  };
  return talk<Exclude<SubmitOutcome, { kind: 'duplicate' }>>({
    gateway,
    orderId: known.orderId,
    write: (api, id) => void api.placeOrder(id, known.wire.contract, changed),
    news: (told) => {
      if (told.permId !== known.permId) return null;
      const same = (shown: string | null, asked: number | undefined) =>
        asked === undefined || (shown !== null && exact(shown).eq(asked));
      const stop = told.type === 'trailing_stop' ? told.trailPrice : told.stopPrice;
      const isDone =
        same(told.qty, wanted.qty) &&
        same(told.limitPrice, wanted.limit) &&
        same(stop, wanted.aux) &&
        same(told.trailPercent, wanted.percent);
      return isDone ? { kind: 'acknowledged', order: gateway.book.venueOrder(told) } : null;
    },
    error: (code, message) => (isChangeRefusal(code, message) ? refusedOutcome(code, message) : null),
    doubt: doubtedOutcome,
    unsent: (reason) => ({
      kind: 'rejected',
      code: 'not_connected',
      message: `The gateway of Interactive Brokers is not connected (${reason}); nothing was changed.`,
    }),
  });
}

const ENDING = new Set(['PendingCancel', 'Cancelled', 'ApiCancelled']);

/** Asks for the end of an order. Only the client that placed it may (IBKR Campus, TWS API: cancelling an order). */
export function cancelOrder(gateway: Gateway, known: IbOrder): Promise<CancelOutcome> {
  if (known.clientId !== gateway.clientId || known.orderId <= 0) {
    return Promise.resolve({
      kind: 'refused',
      code: 'other_client',
      message:
        'This order was placed in TWS or by another program, and Interactive Brokers lets nobody else cancel it. Cancel it there.',
    });
  }
  return talk<CancelOutcome>({
    gateway,
    orderId: known.orderId,
    write: (api, id) => void api.cancelOrder(id),
    news: (told) => (told.permId === known.permId && ENDING.has(told.status) ? { kind: 'requested' } : null),
    error: (code, message) => {
      if (code === CANCELLED) return { kind: 'requested' };
      return isCancelRefusal(code) ? { kind: 'refused', code: String(code), message } : null;
    },
    doubt: doubtedOutcome,
    unsent: (reason) => doubtedOutcome(`the gateway is not connected: ${reason}`),
  });
}
