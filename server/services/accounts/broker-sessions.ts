import type { BrokerSession, GatewayAccount, LiveKeys, PaperKeys } from '@/server/brokers/ports';
import type { Sealer } from '@/server/platform/seal';
import type { BrokerSessions } from '../context';
import { type AccountRecord, isBehindGateway, isLive, type PaperRecord } from './account-record';
import { openLiveKeys, openPaperKeys } from './credentials';

/** The ways to a venue, one a scope and one for what has no keys: none of them takes the keys of the other. */
export type Openers = {
  paper(kind: PaperRecord['kind'], keys: PaperKeys): BrokerSession;
  gateway(account: GatewayAccount): BrokerSession;
  live(keys: LiveKeys): BrokerSession;
};

/** The session of an account's newest keys, and the seals of the keys that it had before. */
type Open = { session: BrokerSession; seal: string; past: ReadonlySet<string> };

/**
 * Opens a session per account at first use, and anew when the account has other keys; keys are unsealed for that and
 * not kept here. Records that were read before the keys were replaced lead to the session of the new ones.
 * @param onKeys told when the venue refuses an account's keys, and when it takes them again
 */
export function createBrokerSessions(
  sealer: Sealer,
  openers: Openers,
  onKeys: (account: AccountRecord, isTaken: boolean) => void = () => undefined,
): BrokerSessions {
  const sessions = new Map<string, Open>();
  function open(account: AccountRecord): BrokerSession {
    if (isLive(account)) return openers.live(openLiveKeys(sealer, account));
    if (isBehindGateway(account))
      return openers.gateway({ scope: 'paper', accountNumber: account.accountNumber });
    return openers.paper(account.kind, openPaperKeys(sealer, account));
  }
  return {
    ...openers,
    of(account) {
      const known = sessions.get(account.id);
      const seal = isBehindGateway(account) ? account.accountNumber : account.sealedCredentials;
      if (known !== undefined && (known.seal === seal || known.past.has(seal))) return known.session;
      const session = open(account);
      const past = known === undefined ? [] : [...known.past, known.seal];
      sessions.set(account.id, { session, seal, past: new Set(past) });
      session.keys.listen((isTaken) => {
        // What became of keys that were replaced concerns nobody.
        if (sessions.get(account.id)?.session === session) onKeys(account, isTaken);
      });
      return session;
    },
    drop: (accountId) => void sessions.delete(accountId),
  };
}
