import type { Market } from '../market/market';
import { Books } from '../venue/books';
import type { Kept } from './journal';

/** State from the snapshot, if there is one, and the records after it. The market must be as it is by itself. */
export function restoreBooks(market: Market, { snapshot, records }: Kept): Books {
  const books = new Books(market);
  if (snapshot !== null) books.load(snapshot.state);
  for (const record of records) books.apply(record);
  return books;
}
