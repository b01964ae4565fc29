import { setTimeout as pause } from 'node:timers/promises';
import { patiently } from '@/server/platform/patience';
import { leaveInTurn, type SendContext } from '../venue/send-order';
import { senderOf } from '../venue/sender-of';
import { accountsWithUnsent, type Claim, claimNext, type Kinds } from './claim-order';

/** Sends what stands unsent in the database, an account's orders one after another. Several processes may. */
export type OrderSender = {
  /**
   * Sends what the account has; resolves when it has nothing more for this process, or waits out a 429, and at once
   * when this process is at it already.
   */
  wake(accountId: string): Promise<void>;
  /** From now on also looks for what nobody was woken for. */
  start(): void;
  /** Takes nothing new, and waits for what is on its way. */
  stop(): Promise<void>;
};

const LOOK_MS = 250;
const AT_ONCE = 32;
const PAUSE_LOOK_MS = 50;
const HOLD_LOOK_MS = 5;
const GIVE_UP_AGAIN_MS = 1_000;
const STOP_MS = 1_500;

type Options = {
  /** The accounts whose venue this process can reach. */
  kinds: () => Kinds;
  /** Whether a cancel of the account is under way in another process, which goes first. */
  isHeld: (accountId: string) => Promise<boolean>;
};

type Drain = { again: boolean; done: Promise<void> };

export function createOrderSender(ctx: SendContext, { kinds, isHeld }: Options): OrderSender {
  const drains = new Map<string, Drain>();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isStopping = false;

  async function next(accountId: string): Promise<Claim | null> {
    while (!isStopping && (await isHeld(accountId))) await pause(HOLD_LOOK_MS);
    return isStopping ? null : claimNext(ctx, accountId, kinds());
  }

  async function send({ account, row }: Claim): Promise<void> {
    try {
      await leaveInTurn(ctx, account, row, async () => {
        const submit = await senderOf(ctx, account, row);
        return submit === null ? { kind: 'pointless' } : submit();
      });
    } catch (error) {
      ctx.log.error({ err: error, orderId: row.id }, 'an order was not sent, or its answer was not written');
      await giveUp({ orderId: row.id, token: row.leaseToken });
    }
  }

  /** Nobody is at it any more, so that its venue is asked; without that it would seem to be on its way. */
  async function giveUp(lease: { orderId: string; token: number }): Promise<void> {
    while (!isStopping) {
      const done = await ctx.leases.giveUp(lease).catch(() => false);
      if (done) return;
      await pause(GIVE_UP_AGAIN_MS);
    }
  }

  async function drain(accountId: string, own: Drain): Promise<void> {
    try {
      do {
        own.again = false;
        for (let claim = await next(accountId); claim !== null; claim = await next(accountId)) {
          await send(claim);
        }
        // Who was woken meanwhile may have been woken for what the last look did not see.
      } while (own.again);
    } catch (error) {
      ctx.log.warn({ err: error, accountId }, 'the orders of an account could not be looked at');
    } finally {
      drains.delete(accountId);
    }
  }

  function start(accountId: string): Drain {
    const own: Drain = { again: false, done: Promise.resolve() };
    drains.set(accountId, own);
    own.done = drain(accountId, own);
    return own;
  }

  const paused = () => [...drains.keys()].filter((accountId) => ctx.lanes.isPaused(accountId)).length;

  async function look(): Promise<void> {
    if (isLooking || isStopping) return;
    isLooking = true;
    try {
      for (const accountId of await accountsWithUnsent(ctx, kinds())) {
        if (drains.size - paused() >= AT_ONCE) break;
        if (!drains.has(accountId)) start(accountId);
      }
    } catch (error) {
      ctx.log.warn({ err: error }, 'unsent orders could not be looked for');
    } finally {
      isLooking = false;
    }
  }

  return {
    async wake(accountId) {
      if (isStopping) return;
      const known = drains.get(accountId);
      if (known !== undefined) {
        known.again = true;
        return;
      }
      const { done } = start(accountId);
      // A 429 can last a minute, for which nothing else must wait.
      while (!ctx.lanes.isPaused(accountId)) {
        if (
          await patiently(
            done.then(() => true),
            PAUSE_LOOK_MS,
            false,
          )
        )
          return;
      }
    },
    start() {
      timer = setInterval(() => void look(), LOOK_MS);
      timer.unref();
    },
    async stop() {
      isStopping = true;
      clearInterval(timer);
      const open = [...drains].filter(([accountId]) => !ctx.lanes.isPaused(accountId));
      await patiently(Promise.all(open.map(([, { done }]) => done)), STOP_MS, null);
    },
  };
}
