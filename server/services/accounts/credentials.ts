import { z } from 'zod';
import type { LiveKeys, PaperKeys } from '@/server/brokers/ports';
import type { Sealer, SealOwner } from '@/server/platform/seal';
import type { LiveRecord, PaperRecord } from './account-record';

type Named = { id: string; userId: string };

const pair = { keyId: z.string(), secretKey: z.string() };
/** The first paper keys were sealed before there was another scope. */
const paperKeys = z.object({ scope: z.literal('paper').default('paper'), ...pair });
const liveKeys = z.object({ scope: z.literal('live'), ...pair });

/** What a seal is for is bound into it, so that an envelope moved to the other table, account or user does not open. */
const PURPOSE = { paper: 'connections.sealed_credentials', live: 'live_connections.sealed_credentials' };

const ownerOf = (account: Named, scope: keyof typeof PURPOSE): SealOwner => ({
  userId: account.userId,
  recordId: account.id,
  field: PURPOSE[scope],
});

export function sealKeys(sealer: Sealer, account: Named, keys: PaperKeys | LiveKeys): string {
  return sealer.seal(JSON.stringify(keys), ownerOf(account, keys.scope));
}

/** Opened only to make a call; throws when the envelope belongs to another record, key or purpose. */
export function openPaperKeys(sealer: Sealer, account: PaperRecord): PaperKeys {
  return paperKeys.parse(JSON.parse(sealer.open(account.sealedCredentials, ownerOf(account, 'paper'))));
}

/** As `openPaperKeys`, for keys that move real money. */
export function openLiveKeys(sealer: Sealer, account: LiveRecord): LiveKeys {
  return liveKeys.parse(JSON.parse(sealer.open(account.sealedCredentials, ownerOf(account, 'live'))));
}
