'use client';

import { isTrusted } from '../../trpc/stream/connection';
import { useConnection, useFreshness, useQuote } from '../../trpc/stream/hooks';

export type Doubt = 'lost' | 'stale' | null;

/** Why the prices of a symbol are not to be trusted, or null. */
export function useDoubt(symbol: string): Doubt {
  const trusted = isTrusted(useConnection());
  const { stale } = useFreshness(useQuote(symbol));
  if (!trusted) return 'lost';
  return stale ? 'stale' : null;
}
