import { readFileSync, writeFileSync } from 'node:fs';
import { askDatabase } from './database';

/** A value of which one bit is flipped. */
export type Flip = {
  what: string;
  /** How a desk that noticed names the row. */
  named: RegExp;
  /** SQL for a row's texts in front of the value, one after another as they lie in the file, and the value. */
  before: string;
  value: string;
  from: string;
  isNumber?: boolean;
};

export const FLIPS: readonly Flip[] = [
  {
    what: "an order's price",
    named: /orders ord_/,
    before: `id || user_id || account_id || client_order_id || coalesce(venue_order_id, '') || symbol || side || type
      || time_in_force || coalesce(qty, '') || coalesce(notional, '')`,
    value: 'limit_price',
    from: 'orders where limit_price is not null',
  },
  {
    what: "an execution's quantity",
    named: /order_events \d+ .*fills/,
    before: 'account_id || execution_id || order_id',
    value: 'qty',
    from: 'fills where true',
  },
  {
    what: 'an amount of the ledger',
    named: /ledger_transfers \d+/,
    before: "account_id || source || source_id || debit || credit || coalesce(symbol, '')",
    value: 'micros',
    // Such a line takes no byte of its own in the file.
    from: 'ledger_transfers where line in (0, 1)',
    isNumber: true,
  },
];

/** How many bytes SQLite takes for a whole number (sqlite.org/fileformat2.html#record_format). */
function bytesOf(value: number): number {
  const sizes = [1, 2, 3, 4, 6] as const;
  return sizes.find((size) => value < 2 ** (size * 8 - 1)) ?? 8;
}

/** Flips the lowest bit of one value in a database that no desk has open: a digit stays a digit. */
export async function flip(path: string, { before, value, from, isNumber = false }: Flip): Promise<void> {
  // What stands in the log alone would cover for the file.
  await askDatabase(path, 'pragma wal_checkpoint(truncate)');
  const one = `${from} order by rowid desc limit 1`;
  const texts = await askDatabase(path, `select ${before} from ${one}`);
  const written = await askDatabase(path, `select ${value} from ${one}`);
  const length = texts.length - 1 + (isNumber ? bytesOf(Number(written)) : written.length);
  const whole = readFileSync(path);
  // What moved within its page, or to another, leaves copies that nobody reads.
  for (let at = whole.indexOf(texts); at >= 0; at = whole.indexOf(texts, at + 1)) {
    const bytes = Buffer.from(whole);
    bytes.writeUInt8(bytes.readUInt8(at + length) ^ 1, at + length);
    writeFileSync(path, bytes);
    if ((await askDatabase(path, `select ${value} from ${one}`)) !== written) return;
  }
  throw new Error(`no bit of ${value} was flipped: ${texts}`);
}
