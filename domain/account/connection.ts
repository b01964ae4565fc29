import { z } from 'zod';
import { instant } from '../time';
import { accountKind } from './account';

/** How long a live account stays armed at most: a browser session, and so a working day, is as long. */
export const ARMED_HOURS = 12;

/** A second factor counts as fresh for so long after it was proved. */
export const FRESH_MINUTES = 5;

/** What has to be typed to arm a live account; the same in every language. */
export const armingPhrase = (accountNumber: string): string => `trade live ${accountNumber}`;

export const connectionName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(60, 'has at most 60 characters');

/** An account and how it is reached; no part of its keys. */
export const connectionSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: accountKind,
    isDefault: z.boolean().describe('what a call that names no account means; never a live one'),
    createdAt: instant,
    keysRefusedSince: instant
      .nullable()
      .describe('since when the broker refuses its keys; it is paused until they are taken or replaced'),
    gateway: z
      .object({ accountNumber: z.string() })
      .nullable()
      .describe('of an account behind the desk’s gateway of Interactive Brokers, which has no keys'),
    live: z
      .object({
        accountNumber: z.string(),
        isTradingOn: z.boolean().describe('whether the operator lets live accounts trade at all'),
        armedUntil: instant.nullable().describe('null while only cancels and closing orders pass'),
      })
      .nullable()
      .describe('null for accounts that move no real money'),
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof connectionSchema>;
