import type { Actor } from '@/domain/actor';
import type { Order } from '@/domain/order/order';
import type { OrderEvent } from '@/domain/order/event';
import type { Database } from '@/db/client';
import type { Feed } from '@/server/market-data/feeds';
import type { BrokerSession } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { EventBus } from '@/server/platform/event-bus';
import type { KeyedMutex } from '@/server/platform/keyed-mutex';
import type { Lru } from '@/server/platform/lru';
import type { Logger } from '@/server/platform/logger';
import type { Sealer } from '@/server/platform/seal';
import type { AccountRecord } from './accounts/account-record';
import type { Openers } from './accounts/broker-sessions';
import type { BooksWatch } from './reconciliation/books-watch';
import type { Leases } from './orders/leases/leases';
import type { Workers } from './orders/leases/workers';
import type { OrderDispatch } from './orders/sending/order-dispatch';
import type { KeysWatch, RefusedKeys } from './safety/keys-watch';
import type { OrderLanes } from './orders/sending/order-lanes';

/** An order changed: what its owner's streams carry. */
export type OrderNotice = { order: Order; event: OrderEvent };

/** Broker sessions by account, opened at first use and kept. */
export type BrokerSessions = Openers & {
  of(account: AccountRecord): BrokerSession;
  /** Forgets an account's session, whose keys are gone. */
  drop(accountId: string): void;
};

/** Provisions accounts on the exchange in the box; repeating the same keys gives the same account. */
export type SimulatedExchange = {
  openAccount(keys: { keyId: string; secretKey: string }): Promise<void>;
};

/** What every verb gets: who acts, and the desk's parts. No ambient state. */
export type ServiceContext = {
  actor: Actor;
  clock: Clock;
  log: Logger;
  database: Database;
  sealer: Sealer;
  /** Whether the operator lets live accounts trade. */
  liveTrading: boolean;
  /** Whether the operator has named a gateway of Interactive Brokers. */
  hasGateway: boolean;
  sessions: BrokerSessions;
  exchange: SimulatedExchange;
  /** The feed an account's owner sees; null for callers who are not signed in. */
  feedOf(account: AccountRecord | null): Feed;
  /** Remembers which feed a user sees, so that a quote costs no look-up. */
  feedByUser: Lru<string, Feed>;
  orderBus: EventBus<OrderNotice>;
  /** An account's orders are judged and taken in one at a time, so that each sees the one before. */
  oneAtATime: KeyedMutex;
  /** Order senders of each account, one at a time. */
  lanes: OrderLanes;
  /** The right to send an order, one holder at a time over all processes. */
  leases: Leases;
  workers: Pick<Workers, 'id'>;
  /** Accounts that are paused because their broker refuses their keys. */
  keys: RefusedKeys & Pick<KeysWatch, 'ask'>;
  /** Gives orders to whichever process sends; null where this one sends them itself. */
  dispatch: OrderDispatch | null;
  /** Asks again for an order of which something was asked without an answer. */
  followUp(account: AccountRecord, orderId: string): void;
  /** Compares accounts' books with their venues'. */
  books: Pick<BooksWatch, 'follow' | 'compare'>;
  /** Keeps an account's order stream open from now on. */
  watchOrders(account: AccountRecord): void;
  /** Turns to an account's new keys: what was open under the old ones closes. */
  renewAccount(account: AccountRecord): Promise<void>;
  /** Closes what is open for an account that is removed. */
  forgetAccount(account: AccountRecord): void;
};

/** A context whose actor is a signed-in user. */
export type UserContext = ServiceContext & { actor: Extract<Actor, { kind: 'user' }> };

/** A context whose actor may submit orders: a signed-in user, or a hook for its own account. */
export type SubmitContext = ServiceContext & { actor: Extract<Actor, { kind: 'user' | 'webhook' }> };

/** A context whose actor is a hook. */
export type WebhookContext = ServiceContext & { actor: Extract<Actor, { kind: 'webhook' }> };
