import { DeskError } from '@/domain/errors';
import { isClosed } from '@/domain/order/status';
import type { ExecutionClient, InstructionOutcome } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import { type Gateway, refuseAccount } from './gateway/gateway';
import { fillOf } from './gateway/order-book';
import { cancelOrder, changeOrder, placeOrder } from './gateway/place-order';
import { parseAccount } from './account';
import { parsePositions } from './positions';
import type { Lines } from './market-data/lines';
import { changedOrder, faultOf, orderRequest } from './wire/order-request';
import type { IbOrder } from './wire/parse-order';

type Options = { gateway: Gateway; accountNumber: string; lines: Lines; clock: Clock };

const notHere = (what: string): InstructionOutcome => ({
  kind: 'refused',
  code: 'unsupported',
  message: `The desk does not send ${what} to Interactive Brokers; do it in TWS.`,
});

/** One account behind a gateway. Nothing that was written is ever written again. */
export function ibkrExecution({ gateway, accountNumber, lines, clock }: Options): ExecutionClient {
  const { book, refresh } = gateway;

  /** The gateway's word on this account alone: it may be logged in to another by now. Throws DeskError. */
  async function upToDate(...parts: (keyof Gateway['refresh'])[]): Promise<void> {
    await Promise.all(parts.map((part) => refresh[part]()));
    refuseAccount(gateway, accountNumber);
  }

  const isOpen = (order: IbOrder) => !isClosed(book.venueOrder(order).status);
  const own = () => book.orders(accountNumber);
  const ownOrder = (venueOrderId: string): IbOrder | null => {
    const order = book.byPermId(Number(venueOrderId));
    return order?.account === accountNumber ? order : null;
  };

  /** Why this account's orders may not go through this gateway now; null when they may. */
  function foreign(): { kind: 'rejected'; code: string; message: string } | null {
    if (gateway.down !== null) return null;
    try {
      refuseAccount(gateway, accountNumber);
      return null;
    } catch (error) {
      const message = error instanceof Error ? error.message : 'the account is not behind this gateway';
      return { kind: 'rejected', code: 'other_account', message };
    }
  }

  return {
    // An orderRef is a word for people: IB takes any number of orders under one.
    takesAnIdOnce: false,
    changesInPlace: true,
    faultOf,

    async submit(request) {
      const fault = faultOf(request);
      if (fault !== null)
        return { kind: 'rejected', code: 'unsupported', message: `${fault.field} ${fault.message}` };
      const refusal = foreign();
      if (refusal !== null) return refusal;
      const { contract, order } = orderRequest(accountNumber, request);
      return placeOrder(gateway, contract, order);
    },

    async replace(venueOrderId, change) {
      const known = ownOrder(venueOrderId);
      if (known === null && gateway.down !== null) {
        const message = `The gateway of Interactive Brokers is not connected (${gateway.down}); nothing was changed.`;
        return { kind: 'rejected', code: 'not_connected', message };
      }
      if (known === null)
        return { kind: 'rejected', code: '135', message: 'Interactive Brokers does not show this order.' };
      if (known.clientId !== gateway.clientId || known.orderId <= 0)
        return {
          kind: 'rejected',
          code: 'other_client',
          message: 'This order was placed in TWS or by another program, which alone may change it.',
        };
      return changeOrder(gateway, known, changedOrder(known, change));
    },

    async cancel(venueOrderId) {
      // A desk that was just started knows the order by its row, and its number at IB not yet.
      if (ownOrder(venueOrderId) === null && gateway.down === null)
        await refresh.open().catch(() => undefined);
      const known = ownOrder(venueOrderId);
      if (known !== null) return cancelOrder(gateway, known);
      if (gateway.down !== null)
        return { kind: 'doubted', message: `the gateway is not connected: ${gateway.down}` };
      return { kind: 'refused', code: '135', message: 'Interactive Brokers does not show this order.' };
    },

    async cancelAll() {
      await upToDate('open');
      const open = own().filter(isOpen);
      // One by one and by their own numbers: a global cancel would end the orders of every account of the gateway.
      const outcomes = await Promise.all(
        open.map(async (order) => ({ order, outcome: await cancelOrder(gateway, order) })),
      );
      return outcomes.flatMap(({ order, outcome }) =>
        outcome.kind === 'requested'
          ? []
          : [{ venueOrderId: String(order.permId), message: outcome.message }],
      );
    },

    async findByClientOrderId(clientOrderId) {
      await upToDate('open', 'completed', 'executions');
      const order = book.byRef(accountNumber, clientOrderId);
      return order === null ? null : book.venueOrder(order);
    },

    async listOpenOrders() {
      await upToDate('open', 'executions');
      return own().filter(isOpen).map(book.venueOrder);
    },

    async listOrders(after) {
      await upToDate('open', 'completed', 'executions');
      return own()
        .map(book.venueOrder)
        .filter(({ closedAt }) => closedAt === null || closedAt >= after);
    },

    async listFills(after) {
      await upToDate('executions');
      // Times come in whole seconds.
      const from = `${after.slice(0, 19)}.000Z`;
      return book
        .executions(accountNumber)
        .filter(({ at }) => at >= from)
        .toSorted((a, b) => a.at.localeCompare(b.at))
        .map(fillOf);
    },

    async listActivities(after) {
      await upToDate('executions');
      return book
        .commissions(accountNumber)
        .filter(({ at, amount }) => at >= `${after.slice(0, 19)}.000Z` && Number(amount) !== 0)
        .map(({ id, amount, at }) => ({
          id: `commission:${id}`,
          type: 'FEE',
          symbol: null,
          qty: null,
          netAmount: amount.startsWith('-') ? amount.slice(1) : `-${amount}`,
          price: null,
          groupId: null,
          at,
        }));
    },

    async account() {
      const summary = await gateway.summary();
      refuseAccount(gateway, accountNumber);
      const told = summary.get(accountNumber);
      if (told === undefined)
        throw new DeskError('broker_error', `Interactive Brokers told nothing of ${accountNumber}.`);
      return parseAccount(accountNumber, told, clock.iso());
    },

    async positions() {
      const all = await gateway.positions();
      refuseAccount(gateway, accountNumber);
      const mine = all.filter(({ account }) => account === accountNumber);
      return parsePositions(mine, own().filter(isOpen).map(book.venueOrder), lines.known);
    },

    exercise: () => Promise.resolve(notHere('the exercise of options')),
    doNotExercise: () => Promise.resolve(notHere('an instruction not to exercise')),

    watchOrders(listener) {
      const forget = gateway.watch({
        onNews({ order, execution }) {
          if (order.account !== accountNumber) return;
          const fills = execution === null ? [] : [fillOf(execution)];
          const event = execution === null ? order.status : 'fill';
          listener.onEvent({ order: book.venueOrder(order), fills, event });
        },
        onUp() {
          if (gateway.accounts.includes(accountNumber)) listener.onReady();
          else listener.onDown(`the gateway is not logged in to ${accountNumber}`);
        },
        onDown: (reason) => listener.onDown(reason),
      });
      return { close: forget };
    },
  };
}
