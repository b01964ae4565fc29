import { z } from 'zod';
import { findAsset } from '../../assets/asset';
import { parseMoney } from '../../decimal/decimal';
import { POSITION_INTENTS, type PositionIntent, type Side } from '../../journal/records';
import { decimal, oneOf } from '../read-decimal';
import { badRequest, REFUSALS, unprocessable } from '../refusals';

const legBody = z.looseObject({
  symbol: z.string(),
  ratio_qty: decimal,
  side: z.string().nullish(),
  position_intent: z.string().nullish(),
});
const CENT = 10_000n;

/** A part of an order of several options. */
export interface LegRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly intent: PositionIntent;
  /** Contracts for each unit of the order. */
  readonly ratio: bigint;
}

/** Reads the legs of a multi-leg order (Alpaca docs: options level 3). */
export function readLegs(sent: readonly unknown[]): LegRequest[] {
  if (sent.length < 2 || sent.length > 4) {
    throw unprocessable('mleg orders must have at least 2 legs and at most 4 legs');
  }
  const legs = sent.map(readLeg);
  if (new Set(legs.map(({ symbol }) => symbol)).size < legs.length) {
    throw unprocessable('mleg legs must have unique symbols');
  }
  if (legs.map(({ ratio }) => ratio).reduce(divisor) > 1n) {
    throw unprocessable('mleg leg ratio quantities should be relatively prime');
  }
  return legs;
}

const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b));

function readLeg(sent: unknown, index: number): LegRequest {
  const parsed = legBody.safeParse(sent);
  if (!parsed.success) throw REFUSALS.malformedBody();
  const { symbol, ratio_qty, side, position_intent } = parsed.data;
  if (!position_intent) throw unprocessable(`leg.${index} position intent is required`);
  const intent = oneOf(POSITION_INTENTS, position_intent, `leg.${index} invalid position intent`);
  const implied = intent.startsWith('buy') ? 'buy' : 'sell';
  if (side && side !== implied) throw unprocessable(`leg.${index} side does not match its position intent`);
  const ratio = /^\d{1,6}$/.test(String(ratio_qty)) ? BigInt(String(ratio_qty)) : 0n;
  if (ratio === 0n) throw unprocessable(`leg.${index} ratio qty must be a positive integer`);
  const asset = findAsset(symbol);
  if (asset !== undefined && asset.kind !== 'us_option') {
    throw unprocessable(`leg.${index} must be an option: equity legs are not supported`);
  }
  return { symbol: asset?.symbol ?? symbol, side: implied, intent, ratio };
}

/** A net price a share: positive is paid, negative received. */
export function readNetPrice(sent: string | number | null | undefined): bigint | null {
  if (sent === null || sent === undefined || sent === '') return null;
  const price = parseMoney(String(sent));
  if (price === null) throw badRequest(`invalid limit_price ${String(sent).slice(0, 40)}`);
  if (price % CENT === 0n) return price;
  throw unprocessable(
    `invalid limit_price ${String(sent)}. sub-penny increment does not fulfill minimum pricing criteria`,
  );
}
