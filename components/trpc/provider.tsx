'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
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
    client: createClient(() => undefined),
  }));
  return (
    <QueryClientProvider client={parts.queryClient}>
      <TRPCProvider trpcClient={parts.client} queryClient={parts.queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

/** Queries, session and the one stream of the tab. */
export function DeskProvider({ children }: { children: ReactNode }) {
  const [isSignedOut, setSignedOut] = useState(false);
  const [parts] = useState(() => {
    const stream = new TabStream(opener(() => client));
    const client = createClient(stream.alive);
    return { stream, client, queryClient: createQueryClient(() => setSignedOut(true)) };
  });
  useEffect(() => parts.stream.start(), [parts]);
  const signedOut = useMemo(() => ({ isSignedOut, clear: () => setSignedOut(false) }), [isSignedOut]);
  return (
    <QueryClientProvider client={parts.queryClient}>
      <TRPCProvider trpcClient={parts.client} queryClient={parts.queryClient}>
        <SignedOutContext value={signedOut}>
          <StreamContext value={parts.stream}>{children}</StreamContext>
        </SignedOutContext>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
