import type { Asset } from '@/domain/market/asset';
import type { Listing } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import { Lru } from '@/server/platform/lru';

const KEEP_MS = 60 * 60 * 1000;

/** What a venue lists, kept for an hour and shared by all askers. */
export type AssetBook = {
  find(symbol: string): Promise<Asset | null>;
  search(query: string, limit: number): Promise<Asset[]>;
};

export function createAssetBook(fetchAll: () => Promise<Asset[]>, clock: Clock): AssetBook {
  let book: { at: number; bySymbol: Promise<Map<string, Asset>> } | null = null;

  function load(): Promise<Map<string, Asset>> {
    const now = clock.now();
    if (book !== null && now - book.at < KEEP_MS) return book.bySymbol;
    const bySymbol = fetchAll().then((assets) => new Map(assets.map((asset) => [asset.symbol, asset])));
    book = { at: now, bySymbol };
    // A failed fetch is not an empty list: the next asker tries again.
    bySymbol.catch(() => {
      book = null;
    });
    return bySymbol;
  }

  return {
    find: async (symbol) => (await load()).get(symbol) ?? null,
    async search(query, limit) {
      const wanted = query.trim().toUpperCase();
      const ranked: { asset: Asset; rank: number }[] = [];
      for (const asset of (await load()).values()) {
        const rank = rankOf(asset, wanted);
        if (rank !== null) ranked.push({ asset, rank });
      }
      ranked.sort((a, b) => a.rank - b.rank || a.asset.symbol.localeCompare(b.asset.symbol));
      return ranked.slice(0, limit).map(({ asset }) => asset);
    },
  };
}

/** The exact ticker first, then tickers that begin so, then names. */
function rankOf(asset: Asset, wanted: string): number | null {
  if (asset.symbol === wanted) return 0;
  if (asset.symbol.startsWith(wanted)) return 1;
  const name = asset.name.toUpperCase();
  if (name.startsWith(wanted)) return 2;
  return name.includes(wanted) ? 3 : null;
}

const KEEP_MISSING_MS = 30_000;
const ASSETS = 20_000;

/** The same of a venue that cannot list everything: each asset is looked up when it is first asked for. */
export function createAssetLookUp(
  { find, search }: Pick<Extract<Listing, { whole: false }>, 'find' | 'search'>,
  clock: Clock,
): AssetBook {
  const known = new Lru<string, { until: number; asset: Asset | null }>(ASSETS);
  return {
    async find(symbol) {
      const kept = known.get(symbol);
      if (kept !== undefined && clock.now() < kept.until) return kept.asset;
      const asset = await find(symbol);
      known.set(symbol, { until: clock.now() + (asset === null ? KEEP_MISSING_MS : KEEP_MS), asset });
      return asset;
    },
    search: async (query, limit) => (await search(query.trim().toUpperCase())).slice(0, limit),
  };
}
