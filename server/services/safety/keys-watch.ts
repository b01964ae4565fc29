import { and, eq, isNull } from 'drizzle-orm';
import { alerts, connections } from '@/db/schema';
import type { KEYS_OUTCOMES } from '@/domain/protection/alert';
import { newId } from '@/server/platform/ids';
import { type AccountRecord, accountRecords } from '../accounts/account-record';
import type { SendContext } from '../orders/venue/send-order';

export type RefusedKeys = {
  /** Since when (RFC 3339) an account is paused because its broker refuses its keys; null when it is not. */
  since(accountId: string): string | null;
};

export type KeysWatch = RefusedKeys & {
  /** What a session heard of its account's keys. */
  hear(account: AccountRecord, isTaken: boolean): void;
  /** Pauses again what was paused when the desk last stopped, and from then on looks when accounts may go on. */
  start(): Promise<void>;
  /** Asks the broker now, on a person's word; resolves when an account that may go on does. */
  ask(account: AccountRecord): Promise<void>;
  /** The account has other keys: asks now, whether or not it is time. */
  renewed(account: AccountRecord): Promise<void>;
  forget(accountId: string): void;
  stop(): void;
};

type Parts = {
  ctx: Pick<SendContext, 'clock' | 'database' | 'log' | 'sessions'>;
  /** Takes in what the venue says of the account's orders; false when that could not be done. */
  settle: (account: AccountRecord) => Promise<boolean>;
  /** Compares its books; throws what the venue's reads throw. */
  compare: (account: AccountRecord) => Promise<void>;
};

type Outcome = (typeof KEYS_OUTCOMES)[number];
type Paused = { account: AccountRecord; since: string; isTold: boolean; outcome: Outcome; busy: boolean };

const TICK_MS = 500;

/**
 * Pauses an account whose broker refuses its keys (401): no new order is taken in, nothing is asked but rarely, what
 * is in doubt stays in doubt, and one alert stands. When the broker takes the keys, the account's orders and books
 * are compared with it, and only then it goes on. What is paused stands in `alerts`, and so outlives the desk.
 *
 * A live account stays armed: nothing can leave it meanwhile, and a broker that fails for a minute must not end what
 * its owner's second factor allowed. Replacing its keys disarms it (replace-keys.ts): those are not what was armed.
 */
export function createKeysWatch({ ctx, settle, compare }: Parts): KeysWatch {
  const paused = new Map<string, Paused>();
  let timer: NodeJS.Timeout | undefined;

  function pauseIt(account: AccountRecord, since: string, isTold = false): Paused {
    const one: Paused = { account, since, isTold, outcome: 'taken', busy: false };
    paused.set(account.id, one);
    return one;
  }

  async function raise(one: Paused): Promise<void> {
    const { account, since } = one;
    const id = newId('alert', ctx.clock.now());
    const about = { kind: 'keys_refused', userId: account.userId, accountId: account.id } as const;
    const isNew = await ctx.database.write(async (db) => {
      if ((await db.$count(alerts, openKeysAlert(account.id))) > 0) return false;
      await db.insert(alerts).values({ ...about, id, raisedAt: since });
      return true;
    });
    one.isTold = true;
    if (isNew)
      ctx.log.warn({ alertId: id, accountId: account.id }, 'a broker refuses the keys of an account: paused');
  }

  /** One look at a paused account, by what `asking` answers; goes on with it when the keys are taken. */
  async function attend(one: Paused, asking: () => Promise<boolean | null>): Promise<void> {
    if (one.busy) return;
    one.busy = true;
    try {
      if (!one.isTold) await raise(one);
      if ((await asking()) === true) await goOn(one);
    } finally {
      one.busy = false;
    }
  }

  async function goOn(one: Paused): Promise<void> {
    const { account, outcome } = one;
    const { keys } = ctx.sessions.of(account);
    if (!(await settle(account))) return;
    await compare(account);
    if (keys.refused || paused.get(account.id) !== one) return;
    const clearedAt = ctx.clock.iso();
    await ctx.database.write((db) =>
      db.update(alerts).set({ clearedAt, outcome }).where(openKeysAlert(account.id)),
    );
    paused.delete(account.id);
    ctx.log.info({ accountId: account.id, outcome }, 'a broker takes the keys of an account again');
  }

  const failed = (one: Paused) => (error: unknown) =>
    ctx.log.warn({ err: error, accountId: one.account.id }, 'a paused account could not go on');

  function tick(): void {
    for (const one of paused.values())
      attend(one, () => ctx.sessions.of(one.account).keys.askWhenDue()).catch(failed(one));
  }

  async function askNow(account: AccountRecord): Promise<void> {
    const one = paused.get(account.id);
    if (one !== undefined) await attend(one, () => ctx.sessions.of(account).keys.ask()).catch(failed(one));
  }

  return {
    since: (accountId) => paused.get(accountId)?.since ?? null,
    hear(account, isTaken) {
      const known = paused.get(account.id);
      if (known === undefined && isTaken) return;
      const one = known ?? pauseIt(account, ctx.clock.iso());
      attend(one, () => Promise.resolve(isTaken)).catch(failed(one));
    },
    async start() {
      const open = await ctx.database.db
        .select({ accountId: alerts.accountId, since: alerts.raisedAt })
        .from(alerts)
        .where(and(eq(alerts.kind, 'keys_refused'), isNull(alerts.clearedAt)));
      for (const { accountId, since } of open) {
        const [account] = await accountRecords(ctx.database.db, eq(connections.id, accountId));
        if (account !== undefined) pauseIt(account, since, true);
      }
      timer = setInterval(tick, TICK_MS);
      timer.unref();
    },
    ask: askNow,
    async renewed(account) {
      const one = paused.get(account.id);
      if (one === undefined) return;
      one.account = account;
      one.outcome = 'replaced';
      await askNow(account);
    },
    forget: (accountId) => void paused.delete(accountId),
    stop: () => clearInterval(timer),
  };
}

/** The alert that stands while an account is paused, one at most. */
export const openKeysAlert = (accountId: string) =>
  and(eq(alerts.accountId, accountId), eq(alerts.kind, 'keys_refused'), isNull(alerts.clearedAt));
