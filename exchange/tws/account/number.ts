import { createHash } from 'node:crypto';

const known = new Map<string, string>();

/** The number of the paper account that the account of a key shows as: `DU` and seven digits, the same for ever. */
export function twsNumberOf(keyId: string): string {
  let number = known.get(keyId);
  if (number === undefined) {
    const bits = createHash('sha256').update(`tws/${keyId}`).digest().readUInt32BE(0);
    number = `DU${1_000_000 + (bits % 9_000_000)}`;
    known.set(keyId, number);
  }
  return number;
}
