import { z } from 'zod';

const match = z
  .object({
    method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']).optional(),
    /** Start of the path, such as `/v2/orders`. */
    route: z.string().startsWith('/').optional(),
    /** Key id of the account. */
    account: z.string().optional(),
    client_order_id_prefix: z.string().optional(),
    symbol: z.string().optional(),
    /** Names of trade updates. */
    events: z.array(z.string()).optional(),
    /** Number of a client on the TWS wire. */
    client_id: z.number().int().optional(),
  })
  .default({});

const when = {
  match,
  /** Most times it strikes; without it, until it is cleared. */
  count: z.number().int().min(1).optional(),
  /** Matches that are let through first. */
  skip: z.number().int().min(0).default(0),
  /** Chance of each match, drawn from the seed. */
  probability: z.number().min(0).max(1).default(1),
};
const delay = z.number().int().min(0).max(3_600_000);

/** What can be made to go wrong on purpose. */
export const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    ...when,
    kind: z.literal('http'),
    phase: z.enum(['before', 'after']),
    action: z.enum(['hang', 'reset', 'truncate', 'drip', 'status']),
    status: z.literal([401, 429, 500, 502, 503, 504]).default(500),
    /** Seconds, sent with 429 and 503. */
    retry_after: z.number().int().min(0).max(3_600).optional(),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('stream'),
    action: z.enum(['duplicate', 'drop', 'reorder', 'delay', 'noisy_replay', 'silence', 'steal']),
    /** Further copies of a duplicate. */
    times: z.number().int().min(1).max(100).default(1),
    /** Updates that are turned round together. */
    window: z.number().int().min(2).max(100).default(2),
    /** How long a delay lasts; how long a reordering waits for its window to fill. */
    delay_ms: delay.default(1_000),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('lookup'),
    delay_ms: delay,
    /** Whether GET /v2/orders leaves the order out, too. */
    lists: z.boolean().default(false),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('race'),
    action: z.enum([
      'fill_before_delete',
      'fill_before_cancel',
      'late_fill',
      'fill_before_replace',
      'part_before_replace',
      'reject_order',
      'reject_leg',
    ]),
  }),
  z.strictObject({ ...when, kind: z.literal('disk_full') }),
  z.strictObject({
    ...when,
    kind: z.literal('tws'),
    action: z.enum([
      'connectivity_lost',
      'nightly_reset',
      'next_valid_id_jump',
      'swallow',
      'drop_before',
      'drop_after',
    ]),
    /** What lost connectivity comes back with: 1102, or 1101 when the market's streams are lost. */
    restored: z.enum(['data_maintained', 'data_lost']).default('data_maintained'),
    /** How long a reset refuses connections. */
    refuse_for_ms: delay.default(1_000),
    /** How far the next order id jumps. */
    by: z.number().int().min(1).max(1_000_000).default(1_000),
  }),
]);

export type Fault = z.infer<typeof fault>;
export type FaultOf<K extends Fault['kind']> = Extract<Fault, { kind: K }>;
export type RaceAction = FaultOf<'race'>['action'];

/** A fault that was set and not cleared. */
export interface SetFault {
  readonly id: string;
  readonly fault: Fault;
  /** Matches so far, and how many of them it struck. */
  seen: number;
  fired: number;
}

/** What a fault is matched against; what is not known matches nothing that asks for it. */
export interface Subject {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly account?: string | undefined;
  readonly clientOrderId?: string | undefined;
  readonly symbol?: string | undefined;
  readonly event?: string | undefined;
  readonly clientId?: number | undefined;
}

/** Whether everything that a fault asks for is so. */
export function isMeant({ match }: Fault, subject: Subject): boolean {
  const { method, route, account, client_order_id_prefix: prefix, symbol, events, client_id: client } = match;
  return (
    (method === undefined || method === subject.method) &&
    (route === undefined || (subject.path ?? '').startsWith(route)) &&
    (account === undefined || account === subject.account) &&
    (prefix === undefined || (subject.clientOrderId?.startsWith(prefix) ?? false)) &&
    (symbol === undefined || symbol === subject.symbol) &&
    (events === undefined || events.includes(subject.event ?? '')) &&
    (client === undefined || client === subject.clientId)
  );
}
