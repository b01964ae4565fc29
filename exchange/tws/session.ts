import type { Account } from '../ledger/account';
import type { Venue } from '../venue/venue';
import type { Subscriptions } from './subscriptions';
import type { TwsError } from './wire/errors';
import type { Field } from './wire/frame';

/** An account that the gateway shows, and its number there. */
export interface ShownAccount {
  readonly number: string;
  readonly account: Account;
}

/** A connected client, as the requests it makes see it. */
export interface Session {
  readonly venue: Venue;
  readonly clientId: number;
  /** What it is sent as it changes. */
  readonly subscriptions: Subscriptions;
  /** The gateway's accounts, in the order of their showing. */
  accounts(): ShownAccount[];
  send(fields: readonly Field[]): void;
  /** `id` of the request or order, −1 for what is about neither. */
  error(id: number, error: TwsError): void;
}
