import { formatMoney } from '../../decimal/decimal';
import type { Account } from '../../ledger/account';
import { worthOf } from '../../ledger/valuation';
import type { Venue } from '../../venue/venue';
import type { Session } from '../session';
import { ERRORS } from '../wire/errors';
import type { FieldReader } from '../wire/field-reader';
import { ANSWERS } from '../wire/message-ids';

/** A client's summary: which tags it asked for, and what it was last told. */
export interface SummaryStream {
  readonly tags: readonly string[];
  readonly sent: Map<string, string>;
  /** When it was last looked at, epoch milliseconds of the process. */
  lookedAt: number;
}

/** IB tells of changes every three minutes. */
const EVERY_MS = 180_000;
/** IB: two subscriptions at most. */
const MOST = 2;

/** All tags of an account, with the value and its currency (none for what is no money). */
export function valuesOf(venue: Venue, account: Account): Map<string, { value: string; currency: string }> {
  const worth = worthOf(account, venue.priceAt, venue.clock.now());
  const money = (value: bigint): { value: string; currency: string } => ({
    value: formatMoney(value),
    currency: 'USD',
  });
  const available = worth.equity - worth.initialMargin;
  const excess = worth.equity - worth.maintenanceMargin;
  const cushion = worth.equity <= 0n ? 0 : Number(excess) / Number(worth.equity);
  return new Map([
    ['AccountType', { value: 'INDIVIDUAL', currency: '' }],
    ['Cushion', { value: cushion.toFixed(6), currency: '' }],
    ['NetLiquidation', money(worth.equity)],
    ['TotalCashValue', money(account.cash)],
    ['SettledCash', money(account.cash)],
    ['AccruedCash', money(0n)],
    ['BuyingPower', money(worth.buyingPower)],
    ['EquityWithLoanValue', money(worth.equity)],
    ['GrossPositionValue', money(worth.long - worth.short)],
    ['InitMarginReq', money(worth.initialMargin)],
    ['MaintMarginReq', money(worth.maintenanceMargin)],
    ['FullInitMarginReq', money(worth.initialMargin)],
    ['FullMaintMarginReq', money(worth.maintenanceMargin)],
    ['AvailableFunds', money(available)],
    ['FullAvailableFunds', money(available)],
    ['ExcessLiquidity', money(excess)],
    ['FullExcessLiquidity', money(excess)],
  ]);
}

/** reqAccountSummary: the tags of all accounts now, and every three minutes what changed. */
export function answerSummary(session: Session, fields: FieldReader): void {
  fields.skip(1);
  const id = fields.int();
  const group = fields.text();
  const tags = fields
    .text()
    .split(',')
    .map((tag) => tag.trim());
  const { summaries } = session.subscriptions;
  if (group !== 'All' && group !== '')
    return session.error(id, ERRORS.invalid(`Invalid account group ${group.slice(0, 20)}`));
  if (summaries.size >= MOST && !summaries.has(id)) {
    return session.error(id, {
      code: 322,
      text: "Error processing request.-'bN' : cause - Maximum number of account summary requests exceeded",
    });
  }
  const stream = { tags, sent: new Map<string, string>(), lookedAt: Date.now() };
  summaries.set(id, stream);
  send(session, id, stream);
  session.send([ANSWERS.accountSummaryEnd, 1, id]);
}

/** Sends what is due of all summaries. */
export function sendSummaries(session: Session): void {
  const now = Date.now();
  for (const [id, stream] of session.subscriptions.summaries) {
    if (now - stream.lookedAt < EVERY_MS) continue;
    stream.lookedAt = now;
    send(session, id, stream);
  }
}

function send(session: Session, id: number, { tags, sent }: SummaryStream): void {
  for (const { number, account } of session.accounts()) {
    const values = valuesOf(session.venue, account);
    for (const tag of tags) {
      // Ledgers in currencies other than the account's own do not exist.
      const found = values.get(tag);
      const key = `${number}/${tag}`;
      if (found === undefined || sent.get(key) === found.value) continue;
      sent.set(key, found.value);
      session.send([ANSWERS.accountSummary, 1, id, number, tag, found.value, found.currency]);
    }
  }
}
