import type { BrokerSession } from '@/server/brokers/ports';
import type { Sealer } from '@/server/platform/seal';
import type { BrokerSessions } from '../context';
import type { AccountRecord } from './account-record';
import { type Credentials, openCredentials } from './credentials';

/** Opens a session per account at first use; keys are unsealed for that and not kept here. */
export function createBrokerSessions(
  sealer: Sealer,
  open: (kind: AccountRecord['kind'], keys: Credentials) => BrokerSession,
): BrokerSessions {
  const sessions = new Map<string, BrokerSession>();
  return {
    of(account) {
      const known = sessions.get(account.id);
      if (known !== undefined) return known;
      const session = open(account.kind, openCredentials(sealer, account));
      sessions.set(account.id, session);
      return session;
    },
  };
}
