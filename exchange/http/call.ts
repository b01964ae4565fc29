import type { ServerResponse } from 'node:http';
import type { Account } from '../ledger/account';
import type { Venue } from '../venue/venue';

/** What a route answers. A body of `undefined` sends none. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Writes an answer that goes on; ends it itself. */
  readonly stream?: (response: ServerResponse) => void;
  /** What is to become of the answer on its way, when a fault is on. */
  readonly wire?: 'hang' | 'reset' | 'truncate' | 'drip';
}

/** A request that has been matched to a route, with its body read. */
export interface Call {
  readonly venue: Venue;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly plan: 'free' | 'paid';
}

/** A request on behalf of an account. */
export interface AccountCall extends Call {
  readonly account: Account;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const param = (call: Call, name: string): string => call.params[name] ?? '';
