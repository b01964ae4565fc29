import type { BatchItem } from 'drizzle-orm/batch';
import { activities, comparisons } from '@/db/schema';
import type { Db } from '@/db/client';
import type { Position } from '@/domain/account/position';
import type { AccountActivity } from '@/domain/ledger/post-activity';
import { type Holding, noHolding } from '@/domain/ledger/post-fill';
import { toDollars, toMicros, transferOf } from '@/domain/ledger/transfer';
import { exact, plain } from '@/domain/money';
import { ledgerBalance, openHoldings } from '../books/desk-books';
import { postingStatements } from '../books/post';

/** What a venue says an account holds. */
export type VenueBooks = { accountNumber: string; cash: string; positions: Position[] };

type Taking = {
  accountId: string;
  source: 'opening' | 'adoption';
  sourceId: string;
  at: string;
  /** Activities that what the venue holds already contains. */
  contained?: AccountActivity[];
};

/**
 * The statements that make the desk's books say what the venue's do: the difference is booked against `opening`
 * when the books are opened, and against `adjustments` when a person takes the venue's word. No gain is invented.
 */
export async function takeOverStatements(db: Db, taking: Taking, venue: VenueBooks) {
  const { accountId, sourceId, at, contained = [] } = taking;
  const held = new Map((await openHoldings(db, accountId)).map((holding) => [holding.symbol, holding]));
  const theirs = new Map(venue.positions.map((position) => [position.symbol, position]));
  const cash = toMicros(venue.cash) - (await ledgerBalance(db, accountId, 'cash'));
  const again = { accountNumber: venue.accountNumber, comparedAt: at, driftedSince: null, drifts: [] };
  const statements: [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] = [
    db
      .insert(comparisons)
      .values({ accountId, openedAt: at, ...again })
      .onConflictDoUpdate({ target: comparisons.accountId, set: again }),
    ...contained.map((activity) => db.insert(activities).values({ ...activity, accountId })),
    ...postingStatements(
      db,
      { accountId, source: taking.source, sourceId: `${sourceId}:cash`, at },
      null,
      transferOf('cash', againstOf(taking), cash, null),
    ),
  ];
  for (const symbol of new Set([...held.keys(), ...theirs.keys()])) {
    const own = held.get(symbol) ?? noHolding(symbol);
    statements.push(...takePosition(db, taking, own, theirs.get(symbol)));
  }
  return statements;
}

const againstOf = ({ source }: Taking) => (source === 'opening' ? 'opening' : 'adjustments');

function takePosition(db: Db, taking: Taking, own: Holding, position: Position | undefined) {
  const { accountId, source, at } = taking;
  const { symbol } = own;
  const qty = position?.qty ?? '0';
  if (exact(own.qty).eq(qty)) return [];
  const holding = { symbol, qty, costMicros: toMicros(position?.costBasis ?? '0') };
  const cost = holding.costMicros - own.costMicros;
  const moved = exact(qty).minus(own.qty);
  const id = `${taking.sourceId}:${symbol}`;
  const activity = {
    accountId,
    id,
    type: source.toUpperCase(),
    symbol,
    qty: plain(moved),
    netAmount: '0',
    price: plain(exact(toDollars(cost)).div(moved).toDecimalPlaces(12)),
    groupId: null,
    at,
  };
  return [
    db.insert(activities).values(activity),
    ...postingStatements(
      db,
      { accountId, source, sourceId: id, at },
      holding,
      transferOf('holdings', againstOf(taking), cost, symbol),
    ),
  ];
}
