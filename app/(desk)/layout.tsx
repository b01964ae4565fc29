import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { DeskProvider } from '@/components/trpc/provider';
import { currentUser, defaultAccountId } from '@/server/routers/caller';
import { SignedOutDialog } from './signed-out-dialog';

/** What all pages of a signed-in trader share: one stream a tab, and the way back in when the session ends. */
export default async function DeskLayout({ children }: { children: ReactNode }) {
  if ((await currentUser()) === null) redirect('/sign-in');
  return (
    <DeskProvider defaultAccountId={await defaultAccountId()}>
      {children}
      <SignedOutDialog />
    </DeskProvider>
  );
}
