import type { HookLimits } from '@/domain/webhook/hook-limits';

/** A hook's limits as a form holds them: empty is no limit. */
export type LimitsDraft = {
  symbols: string;
  side: 'both' | 'buy' | 'sell';
  maxQty: string;
  maxNotional: string;
};

export function draftOf({ symbols, side, maxQty, maxNotional }: HookLimits): LimitsDraft {
  return {
    symbols: symbols?.join(', ') ?? '',
    side: side ?? 'both',
    maxQty: maxQty ?? '',
    maxNotional: maxNotional ?? '',
  };
}

const orNull = (typed: string) => (typed.trim() === '' ? null : typed.trim().replaceAll(',', ''));

/** What the form says; whether its numbers and tickers are in order is for the desk to judge. */
export function limitsOf(draft: LimitsDraft): HookLimits {
  const symbols = draft.symbols
    .split(/[\s,;，、]+/)
    .filter((symbol) => symbol !== '')
    .map((symbol) => symbol.toUpperCase());
  return {
    symbols: symbols.length === 0 ? null : [...new Set(symbols)],
    side: draft.side === 'both' ? null : draft.side,
    maxQty: orNull(draft.maxQty),
    maxNotional: orNull(draft.maxNotional),
  };
}
