import { exact, plain } from '@/domain/money';
import type { Quote } from '@/domain/market/quote';

/** Change since the previous close: dollars, and a fraction of that close; null when either is unknown. */
export function changeOf(
  quote: Pick<Quote, 'last' | 'previousClose'> | null,
): { amount: string; fraction: string } | null {
  if (quote === null || quote.last === null || quote.previousClose === null) return null;
  const before = exact(quote.previousClose);
  if (before.isZero()) return null;
  const amount = exact(quote.last).minus(before);
  return { amount: plain(amount), fraction: plain(amount.div(before).toDecimalPlaces(6)) };
}
