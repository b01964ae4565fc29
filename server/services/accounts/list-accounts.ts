import type { UserContext } from '../context';
import { ownAccounts } from './account-record';

/** The actor's accounts, the oldest first. */
export async function listAccounts(ctx: UserContext) {
  const records = await ownAccounts(ctx);
  return { accounts: records.map(({ id, name, kind, isDefault }) => ({ id, name, kind, isDefault })) };
}
