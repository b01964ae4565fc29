import { z } from 'zod';
import { exact } from '../money';
import { instant } from '../time';

/** Where the desk's books and the venue's differ. */
export const driftSchema = z
  .object({
    what: z
      .string()
      .describe('`cash`, a symbol, or `account` where another account answers than the books are about'),
    desk: z.string().describe("dollars of cash, shares of a symbol, or the account's number"),
    venue: z.string(),
  })
  .meta({ id: 'Drift' });
export type Drift = z.infer<typeof driftSchema>;

export const reconciliationSchema = z
  .object({
    accountId: z.string(),
    openedAt: instant.nullable().describe('since when the books are kept; null before the first comparison'),
    comparedAt: instant.nullable(),
    driftedSince: instant.nullable().describe('null while the books agree'),
    drifts: z.array(driftSchema),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliationSchema>;

/** Cash, and signed shares by symbol; symbols without shares are absent. */
export type Books = { cash: string; shares: ReadonlyMap<string, string> };

/** Below a cent is rounding: venues round each execution, some to cents. */
const CENT = '0.01';

/** Everything in which two books differ, cash first, then by symbol. */
export function driftsBetween(desk: Books, venue: Books): Drift[] {
  const cashDiffers = exact(desk.cash).minus(venue.cash).abs().gte(CENT);
  const symbols = [...new Set([...desk.shares.keys(), ...venue.shares.keys()])].sort();
  return [
    ...(cashDiffers ? [{ what: 'cash', desk: desk.cash, venue: venue.cash }] : []),
    ...symbols.flatMap((what) => {
      const [own, theirs] = [desk.shares.get(what) ?? '0', venue.shares.get(what) ?? '0'];
      return exact(own).eq(theirs) ? [] : [{ what, desk: own, venue: theirs }];
    }),
  ];
}

/** The venue answers for another account than the books are about: it was reset, or the keys are another's. */
export const ACCOUNT = 'account';

export const sameDrifts = (a: readonly Drift[], b: readonly Drift[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
