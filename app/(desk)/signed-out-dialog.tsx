'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { SignInForm } from '@/components/auth/sign-in-form';
import { useSignedOut } from '@/components/trpc/provider';
import { useStream } from '@/components/trpc/stream/hooks';
import { Dialog } from '@/components/ui/overlay/dialog';

/** Asks to sign in again when the session ended, over a desk that keeps its unsent ticket. */
export function SignedOutDialog() {
  const t = useTranslations('auth');
  const { isSignedOut, clear } = useSignedOut();
  const queryClient = useQueryClient();
  const stream = useStream();
  const router = useRouter();
  function done() {
    clear();
    stream.retryNow();
    // Whoever signed in may be someone else: nothing of the one before stays on the screen.
    void queryClient.resetQueries();
    router.refresh();
  }
  return (
    <Dialog
      open={isSignedOut}
      onOpen={(open) => {
        if (!open) window.location.assign('/sign-in');
      }}
      title={t('ended.title')}
      description={t('ended.text')}
      closeLabel={t('ended.leave')}
    >
      <SignInForm onDone={done} />
    </Dialog>
  );
}
