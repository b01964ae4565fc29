import type { OptionContract } from '@/domain/market/option-contract';
import type { Clock } from '@/server/platform/clock';
import { Lru } from '@/server/platform/lru';

/** A contract stays what it is; whether it may be traded can change. */
const KEEP_MS = 10 * 60_000;
/** New strikes are listed during the day: what was not there is asked for again soon. */
const KEEP_MISSING_MS = 30_000;
const CONTRACTS = 20_000;

/** Option contracts of a venue, each fetched when it is first asked for. */
export type ContractBook = { find(symbol: string): Promise<OptionContract | null> };

export function createContractBook(
  fetchOne: (symbol: string) => Promise<OptionContract | null>,
  clock: Clock,
): ContractBook {
  const known = new Lru<string, { until: number; contract: OptionContract | null }>(CONTRACTS);
  return {
    async find(symbol) {
      const kept = known.get(symbol);
      if (kept !== undefined && clock.now() < kept.until) return kept.contract;
      // A failed fetch is kept by nobody: the next asker tries again.
      const contract = await fetchOne(symbol);
      const until = clock.now() + (contract === null ? KEEP_MISSING_MS : KEEP_MS);
      known.set(symbol, { until, contract });
      return contract;
    },
  };
}
