import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { DeskError } from '@/domain/errors';
import { optionSymbol } from '@/domain/market/symbols';
import { decimalString, exact } from '@/domain/money';
import type { InstructionOutcome } from '@/server/brokers/ports';
import { type AuthorizedAccount, authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { riskOf } from '../risk/risk-profile';

export const optionInput = z.strictObject({
  accountId: z.string().max(64).optional().describe('the default account when left out'),
  symbol: optionSymbol,
});

export const instructionSchema = z
  .object({
    accountId: z.string(),
    symbol: z.string(),
    held: decimalString.describe('contracts held when it was asked'),
    status: z
      .enum(['done', 'unknown'])
      .describe('unknown: the broker did not answer, and its positions do not show it so far'),
    message: z.string(),
  })
  .meta({ id: 'OptionInstruction' });
type Instruction = z.infer<typeof instructionSchema>;

/** When positions are looked at after an exercise without an answer, one after another. */
const LOOKS_MS = [250, 500, 1_000, 2_000] as const;

/**
 * Turns all contracts of an option that no order holds into shares, now. Asked twice it exercises once: the second
 * time nothing is left, which is `not_found`, or the venue's own refusal when both came at once. Without an answer the positions tell; the ledger takes in what
 * the broker books either way. Errors: `not_found`, `order_denied` while a kill switch is on or the books differ,
 * `order_rejected` with the venue's code and words.
 */
export async function exerciseOption(
  ctx: UserContext,
  input: z.infer<typeof optionInput>,
): Promise<Instruction> {
  const account = await authorizeAccount(ctx, input.accountId);
  const { execution } = ctx.sessions.of(account);
  const held = await heldNow(ctx, account, input.symbol);
  await refuseNewRisk(ctx, account);
  const outcome = orThrow(await execution.exercise(input.symbol));
  ctx.log.info(
    { accountId: account.id, symbol: input.symbol, outcome: outcome.kind },
    'an exercise was asked',
  );
  const isDone = outcome.kind === 'taken' || (await isGone(ctx, account, input.symbol, held));
  // The books take in what the venue booked.
  ctx.watchOrders(account);
  return {
    accountId: account.id,
    symbol: input.symbol,
    held,
    status: isDone ? 'done' : 'unknown',
    message: isDone
      ? 'Exercised: the contracts are gone, and the shares are in your positions.'
      : 'The broker did not answer, and the contracts are still there. It may carry the exercise out later: look at your positions. Asking again exercises only what is still held.',
  };
}

/**
 * Lets an option in the money expire on its last day. Asking again changes nothing. Errors as for an exercise; a kill
 * switch does not keep anyone from it.
 */
export async function doNotExercise(
  ctx: UserContext,
  input: z.infer<typeof optionInput>,
): Promise<Instruction> {
  const account = await authorizeAccount(ctx, input.accountId);
  const held = await heldNow(ctx, account, input.symbol);
  const outcome = orThrow(await ctx.sessions.of(account).execution.doNotExercise(input.symbol));
  ctx.log.info(
    { accountId: account.id, symbol: input.symbol, outcome: outcome.kind },
    'a do-not-exercise was asked',
  );
  const isDone = outcome.kind === 'taken';
  return {
    accountId: account.id,
    symbol: input.symbol,
    held,
    status: isDone ? 'done' : 'unknown',
    message: isDone
      ? 'The broker lets these contracts expire.'
      : 'The broker did not answer. Ask again: asking twice changes nothing.',
  };
}

/** Signed contracts held. Whether a short one can be exercised is for the venue to say. */
async function heldNow(ctx: UserContext, account: AuthorizedAccount, symbol: string): Promise<string> {
  const positions = await ctx.sessions.of(account).execution.positions();
  const position = positions.find((one) => one.symbol === symbol);
  if (position === undefined) throw new DeskError('not_found', `There is no position in ${symbol}.`);
  return position.qty;
}

/** An exercise buys or sells shares, so what stops new orders stops it. */
async function refuseNewRisk(ctx: UserContext, account: AuthorizedAccount): Promise<void> {
  const { blocked, liveStop, drifts, profile, imposed } = await riskOf(ctx, account);
  if (blocked !== null) {
    throw new DeskError('order_denied', 'A kill switch is on; nothing is exercised until it is released.', {
      rule: 'blocked',
    });
  }
  if (liveStop !== null) {
    throw new DeskError('order_denied', 'This live account is not armed; nothing is exercised until it is.', {
      rule: 'live_switch',
    });
  }
  if (drifts > 0 && [profile, imposed].some(({ onDrift }) => onDrift === 'block')) {
    throw new DeskError(
      'order_denied',
      "The desk's books of this account differ from the broker's; nothing is exercised until they agree.",
      { rule: 'books_differ' },
    );
  }
}

function orThrow(outcome: InstructionOutcome): Exclude<InstructionOutcome, { kind: 'refused' }> {
  if (outcome.kind !== 'refused') return outcome;
  throw new DeskError('order_rejected', `The venue refused this: ${outcome.message}`, {
    venueCode: outcome.code,
  });
}

/** Whether fewer contracts are held than before; looks that fail say nothing. */
async function isGone(
  ctx: UserContext,
  account: AuthorizedAccount,
  symbol: string,
  before: string,
): Promise<boolean> {
  const { execution } = ctx.sessions.of(account);
  for (const wait of LOOKS_MS) {
    await pause(wait);
    const positions = await execution.positions().catch(() => null);
    if (positions === null) continue;
    const left = positions.find((one) => one.symbol === symbol)?.qty ?? '0';
    if (exact(left).lt(before)) return true;
  }
  return false;
}
