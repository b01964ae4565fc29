import { formatMoney } from '../decimal/decimal';
import type { Account } from '../ledger/account';
import { Refusal } from '../orders/refusals';
import { hashSecret, newKeyId, newSalt, newSecret, seededId } from './ids';
import type { Venue } from './venue';

/** Who asks; the secret is compared by hash. */
export function authenticate(venue: Venue, keyId: string, secret: string): Account | null {
  const account = venue.books.byKeyId.get(keyId);
  if (account === undefined) return null;
  return hashSecret(account.salt, secret) === account.secretHash ? account : null;
}

/** Opens an account, or finds the one that the same key and secret opened before. */
export function openAccount(
  venue: Venue,
  wish: { keyId?: string | undefined; secret?: string | undefined; cash: bigint },
): { account: Account; secret: string; created: boolean } {
  const keyId = wish.keyId ?? newKeyId();
  const secret = wish.secret ?? newSecret();
  if (venue.books.byKeyId.has(keyId)) {
    const known = authenticate(venue, keyId, secret);
    if (known === null)
      throw new Refusal(409, 40910000, `key ${keyId} belongs to an account with another secret`);
    return { account: known, secret, created: false };
  }
  const salt = newSalt();
  const account = create(venue, { keyId, salt, secretHash: hashSecret(salt, secret), cash: wish.cash });
  return { account, secret, created: true };
}

/**
 * Puts a new account in the place of an old one, as a reset of a paper account does: the same keys open it, under
 * another id and number, and nothing of the old one is in it.
 */
export const resetAccount = (venue: Venue, old: Account, cash: bigint): Account =>
  create(venue, { ...old, cash });

type Opening = Pick<Account, 'keyId' | 'salt' | 'secretHash' | 'cash'>;

function create(venue: Venue, { keyId, salt, secretHash, cash }: Opening): Account {
  const number = venue.books.accounts.size + 1;
  venue.commit({
    type: 'account_created',
    account: {
      id: seededId(venue.settings.seed, `account:${keyId}`, number),
      number: `PA${(300_000_000 + number).toString(36).toUpperCase().padStart(10, '3')}`,
      key_id: keyId,
      salt,
      secret_hash: secretHash,
      cash: formatMoney(cash),
    },
  });
  const account = venue.books.byKeyId.get(keyId);
  if (account === undefined) throw new Error('the account just made is not there');
  return account;
}
