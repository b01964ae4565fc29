import type { Account, Transfer } from '../../ledger/account';
import { badRequest } from '../../orders/refusals';
import { listOf } from '../query';

/** What `cashflow_types` may name (Alpaca OpenAPI: ActivityType), but for executions: they are no cash flow. */
const NAMES = new Set(
  (
    'TRANS MISC ACATC ACATS CFEE CGD CSD CSW DIV DIVCGL DIVCGS DIVFEE DIVFT DIVNRA DIVROC DIVTW DIVTXEX FEE INT ' +
    'INTNRA INTTW JNL JNLC JNLS MA NC OPASN OPCA OPCSH OPEXC OPEXP OPTRD PTC PTR REORG SPIN SPLIT FOPT'
  ).split(' '),
);

const TRANSACTIONS: ReadonlySet<string> = new Set(['CSD', 'CSW']);

/** Two names stand for several types. */
function isOf({ type }: Transfer, name: string): boolean {
  if (name === 'TRANS') return TRANSACTIONS.has(type);
  if (name === 'MISC') return type !== 'DIV' && !TRANSACTIONS.has(type);
  return type === name;
}

/** Which cash flows are asked for: none by default; `ALL` are those that the account had. */
export function readCashTypes(query: URLSearchParams, { transfers }: Account): string[] {
  const asked = listOf(query, 'cashflow_types').map((type) => type.toUpperCase());
  if (asked.length === 0 || asked.join() === 'NONE') return [];
  if (asked.join() === 'ALL') {
    return [...new Set(transfers.filter(({ netAmount }) => netAmount !== 0n).map(({ type }) => type))].sort();
  }
  for (const type of asked) {
    if (!NAMES.has(type)) throw badRequest(`invalid cashflow_types: ${type.slice(0, 40)}`);
  }
  return asked;
}

/** Dollars that came in (or went out) in each window, by type. Each window ends at one of `ends`. */
export function cashflowOf(
  { transfers }: Account,
  of: { start: number; ends: readonly number[]; types: readonly string[] },
): Record<string, number[]> {
  const flows: Record<string, number[]> = {};
  for (const name of of.types) {
    const sums = of.ends.map(() => 0n);
    for (const transfer of transfers) {
      if (transfer.at < of.start || !isOf(transfer, name)) continue;
      const window = of.ends.findIndex((end) => transfer.at <= end);
      if (window >= 0) sums[window] = (sums[window] ?? 0n) + transfer.netAmount;
    }
    flows[name] = sums.map((sum) => Number(sum) / 1e6);
  }
  return flows;
}
