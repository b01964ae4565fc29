import { z } from 'zod';
import type { PaperKeys } from '@/server/brokers/ports';
import type { Env } from '@/server/env';
import type { Sealer, SealOwner } from '@/server/platform/seal';

const house = z.object({ keyId: z.string(), secretKey: z.string(), alpaca: z.string() });
export type House = z.infer<typeof house>;

const OWNER: SealOwner = { userId: 'house', recordId: 'house', field: 'desk_leader.house_keys' };

/** What a worker must share with its desk: the master key that opens this, the exchange, and the broker it names. */
export const sealHouse = (sealer: Sealer, keys: PaperKeys, { ALPACA_BASE_URL }: Env): string =>
  sealer.seal(JSON.stringify({ ...keys, alpaca: ALPACA_BASE_URL }), OWNER);

/** Null when it was sealed with another master key. */
export function openHouse(sealer: Sealer, sealed: string): House | null {
  try {
    return house.parse(JSON.parse(sealer.open(sealed, OWNER)));
  } catch {
    return null;
  }
}
