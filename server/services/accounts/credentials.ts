import { z } from 'zod';
import type { Sealer, SealOwner } from '@/server/platform/seal';
import type { AccountRecord } from './account-record';

const credentials = z.object({ keyId: z.string(), secretKey: z.string() });
export type Credentials = z.infer<typeof credentials>;

const ownerOf = (account: { id: string; userId: string }): SealOwner => ({
  userId: account.userId,
  recordId: account.id,
  field: 'connections.sealed_credentials',
});

export function sealCredentials(
  sealer: Sealer,
  account: { id: string; userId: string },
  keys: Credentials,
): string {
  return sealer.seal(JSON.stringify(keys), ownerOf(account));
}

/** Opened only to make a call; throws when the envelope belongs to another record or key. */
export function openCredentials(sealer: Sealer, account: AccountRecord): Credentials {
  return credentials.parse(JSON.parse(sealer.open(account.sealedCredentials, ownerOf(account))));
}
