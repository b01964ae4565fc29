import { bits, keyOf } from '../hash';
import { uuidOf } from '../instruments';
import type { CompanyEvent } from './company-calendar';

/** What Alpaca calls an event (Alpaca OpenAPI: corporate actions). */
export type ActionType = 'forward_split' | 'reverse_split' | 'cash_dividend';

export function actionTypeOf(event: CompanyEvent): ActionType {
  if (event.kind === 'dividend') return 'cash_dividend';
  return event.newRate > event.oldRate ? 'forward_split' : 'reverse_split';
}

/** The id of a corporate action, the same in every process. */
export const actionIdOf = (seed: number, symbol: string, event: CompanyEvent): string =>
  uuidOf(`action:${seed}:${symbol}:${actionTypeOf(event)}:${event.exDay}`);

/** A nine-character CUSIP, made up: real ones are licensed. */
export function cusipOf(symbol: string): string {
  const digits = bits(keyOf(1, `cusip:${symbol}`), 0, 0, 0);
  return `9${String(digits % 100_000).padStart(5, '0')}${String((digits >>> 17) % 1000).padStart(3, '0')}`;
}
