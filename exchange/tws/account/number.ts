import { createHash } from 'node:crypto';

/** The number of the paper account that the account of a key shows as: `DU` and seven digits, the same for ever. */
export function twsNumberOf(keyId: string): string {
  const bits = createHash('sha256').update(`tws/${keyId}`).digest().readUInt32BE(0);
  return `DU${1_000_000 + (bits % 9_000_000)}`;
}
