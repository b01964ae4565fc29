import type { Asset } from '@/domain/market/asset';
import type { Clock } from '@/server/platform/clock';

const KEEP_MS = 60 * 60 * 1000;

/** What a venue lists, fetched once an hour and shared by all askers. */
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
