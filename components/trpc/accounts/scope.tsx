'use client';

import { createContext, type ReactNode, useCallback, useContext, useMemo, useSyncExternalStore } from 'react';

const KEY = 'outcry-account';
const CHANGED = 'outcry-account-changed';

/** The account that everything on the page is about. */
export type AccountScope = { accountId: string | null; choose: (accountId: string) => void };

const ScopeContext = createContext<AccountScope>({ accountId: null, choose: () => undefined });

export function useAccountScope(): AccountScope {
  return useContext(ScopeContext);
}

// A tab remembers its own choice, and a new tab begins at the default account, which is never a live one.
function subscribe(wake: () => void): () => void {
  window.addEventListener(CHANGED, wake);
  return () => window.removeEventListener(CHANGED, wake);
}
function chosen(): string | null {
  try {
    return window.sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

type Props = { defaultAccountId: string | null; children: (accountId: string | null) => ReactNode };

export function AccountScopeProvider({ defaultAccountId, children }: Props) {
  const stored = useSyncExternalStore(subscribe, chosen, () => null);
  const accountId = stored ?? defaultAccountId;
  const choose = useCallback((next: string) => {
    window.sessionStorage.setItem(KEY, next);
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  const scope = useMemo(() => ({ accountId, choose }), [accountId, choose]);
  return <ScopeContext value={scope}>{children(accountId)}</ScopeContext>;
}
