import type { BrokerSession, LiveKeys, PaperKeys } from '@/server/brokers/ports';
import type { Sealer } from '@/server/platform/seal';
import type { BrokerSessions } from '../context';
import { type AccountRecord, isLive, type PaperRecord } from './account-record';
import { openLiveKeys, openPaperKeys } from './credentials';

/** The ways to a venue, one a scope: none of them takes the keys of the other. */
export type Openers = {
  paper(kind: PaperRecord['kind'], keys: PaperKeys): BrokerSession;
  live(keys: LiveKeys): BrokerSession;
};

/** Opens a session per account at first use; keys are unsealed for that and not kept here. */
export function createBrokerSessions(sealer: Sealer, openers: Openers): BrokerSessions {
  const sessions = new Map<string, BrokerSession>();
  const open = (account: AccountRecord): BrokerSession =>
    isLive(account)
      ? openers.live(openLiveKeys(sealer, account))
      : openers.paper(account.kind, openPaperKeys(sealer, account));
  return {
    ...openers,
    of(account) {
      const known = sessions.get(account.id);
      if (known !== undefined) return known;
      const session = open(account);
      sessions.set(account.id, session);
      return session;
    },
    drop: (accountId) => void sessions.delete(accountId),
  };
}
