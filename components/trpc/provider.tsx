'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { AccountScopeProvider } from './accounts/scope';
import { useKnownAccount } from './accounts/use-accounts';
import { type Client, createClient, createQueryClient, TRPCProvider } from './client';
import { StreamContext } from './stream/hooks';
import { type Open, TabStream } from './stream/tab-stream';

function opener(client: () => Client): Open {
  return (symbols, lastEventId, handlers) => {
    const subscription = client().stream.watch.subscribe(
      { symbols, lastEventId },
      {
        onData: (envelope) => handlers.onMessage(envelope.id, envelope.data),
        onError: handlers.onBroken,
        onComplete: handlers.onBroken,
        // The link would come back on its own time; the desk does, so that its countdown is true.
        onConnectionStateChange: (state) => {
          if (state.state === 'connecting' && state.error !== null) handlers.onBroken();
        },
      },
    );
    return () => subscription.unsubscribe();
  };
}

type SignedOut = { isSignedOut: boolean; clear: () => void };
const SignedOutContext = createContext<SignedOut>({ isSignedOut: false, clear: () => undefined });

/** Whether the server stopped knowing this session while the desk was open. */
export function useSignedOut(): SignedOut {
  return useContext(SignedOutContext);
}

/** Queries for pages without a stream, such as sign-in. */
export function QueryProvider({ children }: { children: ReactNode }) {
  const [parts] = useState(() => ({
    queryClient: createQueryClient(() => undefined),
    client: createClient(() => undefined, null),
  }));
  return (
    <QueryClientProvider client={parts.queryClient}>
      <TRPCProvider trpcClient={parts.client} queryClient={parts.queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

type DeskProps = { defaultAccountId: string | null; children: ReactNode };

/**
 * What a desk shares. Another account is another desk: stream, prices, answers and what was filled in begin anew,
 * so that nothing of the one before can be taken for its own.
 */
export function DeskProvider({ defaultAccountId, children }: DeskProps) {
  return (
    <AccountScopeProvider defaultAccountId={defaultAccountId}>
      {(accountId) => (
        <AccountDesk key={accountId} accountId={accountId}>
          {children}
        </AccountDesk>
      )}
    </AccountScopeProvider>
  );
}

/** Queries, session and the one stream of the tab. */
function AccountDesk({ accountId, children }: { accountId: string | null; children: ReactNode }) {
  const [isSignedOut, setSignedOut] = useState(false);
  const [parts] = useState(() => {
    const stream = new TabStream(opener(() => client));
    const client = createClient(stream.alive, accountId);
    return { stream, client, queryClient: createQueryClient(() => setSignedOut(true)) };
  });
  useEffect(() => parts.stream.start(), [parts]);
  const signedOut = useMemo(() => ({ isSignedOut, clear: () => setSignedOut(false) }), [isSignedOut]);
  return (
    <QueryClientProvider client={parts.queryClient}>
      <TRPCProvider trpcClient={parts.client} queryClient={parts.queryClient}>
        <SignedOutContext value={signedOut}>
          <StreamContext value={parts.stream}>
            <KnownAccount />
            {children}
          </StreamContext>
        </SignedOutContext>
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function KnownAccount() {
  useKnownAccount();
  return null;
}
