import type { AccountRecord } from '../../accounts/account-record';
import { createDoubts } from './doubts';
import { createEventIntake } from './event-intake';
import { isUnsettled, reconcileAccount, unsettledAccounts } from './reconcile-orders';
import type { SendContext } from './send-order';

export type OrderWatch = {
  /** Opens an account's order stream, once, and keeps it open. */
  watch(account: AccountRecord): void;
  /** Closes the stream of an account that was removed. */
  forget(accountId: string): void;
  /** Compares an account with its venue now, orders in doubt with it; whether that was done. */
  settle(account: AccountRecord): Promise<boolean>;
  /** Asks again for an order of which something was asked without an answer. */
  followUp(account: AccountRecord, orderId: string): void;
  /** Settles what was open when the desk last stopped; resolves when every account was tried. */
  start(): Promise<void>;
  /** Whether that is done. */
  readonly started: boolean;
  /** How many accounts are not settled since the start; no new order leaves them. */
  readonly held: number;
  stop(): void;
};

type Watched = {
  account: AccountRecord;
  sweptTo: number | null;
  /** Whether events may have been missed, so that the venue is asked for all orders and not only for what is open. */
  isBehind: boolean;
  sweeping: boolean;
  dueAt: number;
  stirs: number;
};

const TICK_MS = 250;
/** A stream may live and say nothing: what is open is compared with the venue this often. */
const SWEEP_MS = 10_000;
const RETRY_MS = 2_000;

/** Follows the venue: events as they stream, sweeps after every reconnect and on a schedule, look-ups in doubt. */
export function createOrderWatch(ctx: SendContext): OrderWatch {
  const streams = new Map<string, { close(): void }>();
  const takeIn = createEventIntake(ctx);
  /** Accounts about which the venue may have something to say that its stream did not bring. */
  const restless = new Map<string, Watched>();
  const unsettled = new Set<string>();
  const doubts = createDoubts(ctx);
  let ticking = false;
  let started = false;

  function stir(account: AccountRecord, dueAt = ctx.clock.now() + SWEEP_MS): Watched {
    const known = restless.get(account.id) ?? {
      account,
      sweptTo: null,
      isBehind: true,
      sweeping: false,
      dueAt,
      stirs: 0,
    };
    known.stirs += 1;
    known.dueAt = Math.min(known.dueAt, dueAt);
    restless.set(account.id, known);
    return known;
  }

  function watch(account: AccountRecord): void {
    stir(account);
    if (streams.has(account.id)) return;
    const stream = ctx.sessions.of(account).execution.watchOrders({
      onEvent: (event) => {
        stir(account);
        takeIn(account, event);
      },
      onReady: () => {
        stir(account, ctx.clock.now()).isBehind = true;
      },
      onDown: (reason) => ctx.log.warn({ accountId: account.id, reason }, 'order stream down'),
    });
    streams.set(account.id, stream);
  }

  /** Compares an account with its venue; after a failure soon again. */
  async function sweep(watched: Watched): Promise<void> {
    if (watched.sweeping) return;
    const { account } = watched;
    const { stirs } = watched;
    const startedAt = ctx.clock.now();
    watched.sweeping = true;
    watched.dueAt = startedAt + SWEEP_MS;
    try {
      const kind = watched.isBehind ? 'whole' : 'open';
      watched.isBehind = false;
      await reconcileAccount(ctx, account, watched.sweptTo, kind);
      if (unsettled.has(account.id)) await doubts.lookUpAll(account);
      watched.sweptTo = startedAt;
      unsettled.delete(account.id);
      ctx.lanes.release(account.id);
      const isDone = !(await isUnsettled(ctx, account));
      // What stirred meanwhile may have come after the look.
      if (isDone && watched.stirs === stirs) restless.delete(account.id);
    } catch (error) {
      watched.dueAt = ctx.clock.now() + RETRY_MS;
      watched.isBehind = true;
      ctx.log.warn({ err: error, accountId: account.id }, 'an account could not be compared with its venue');
    } finally {
      watched.sweeping = false;
    }
  }

  async function tick(): Promise<void> {
    if (ticking || !started) return;
    ticking = true;
    try {
      const now = ctx.clock.now();
      for (const watched of restless.values())
        if (watched.dueAt <= now && ctx.keys.since(watched.account.id) === null) void sweep(watched);
      await doubts.tick();
    } catch (error) {
      ctx.log.error({ err: error }, 'orders in doubt could not be looked up');
    } finally {
      ticking = false;
    }
  }

  const timer = setInterval(() => void tick(), TICK_MS);
  timer.unref();

  return {
    watch,
    followUp: (account, orderId) => doubts.follow(account, orderId),
    async settle(account) {
      watch(account);
      unsettled.add(account.id);
      const watched = stir(account);
      watched.isBehind = true;
      await sweep(watched);
      return !unsettled.has(account.id);
    },
    get started() {
      return started;
    },
    get held() {
      return unsettled.size;
    },
    async start() {
      const accounts = await unsettledAccounts(ctx);
      for (const { id } of accounts) unsettled.add(id);
      ctx.lanes.holdOnly([...unsettled]);
      await Promise.all(accounts.map((account) => sweep(stir(account))));
      for (const account of accounts) watch(account);
      started = true;
    },
    forget(accountId) {
      streams.get(accountId)?.close();
      streams.delete(accountId);
      restless.delete(accountId);
    },
    stop() {
      clearInterval(timer);
      for (const stream of streams.values()) stream.close();
      streams.clear();
    },
  };
}
