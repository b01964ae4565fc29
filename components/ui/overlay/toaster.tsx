'use client';

import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';
import { useIsNarrow } from '../layout/use-is-narrow';

/** Where toasts appear: under the header on a phone, in the lower corner elsewhere. */
export function Toaster({ label, closeLabel }: { label: string; closeLabel: string }) {
  const { resolvedTheme } = useTheme();
  const isNarrow = useIsNarrow();
  return (
    <Sonner
      theme={resolvedTheme === 'light' ? 'light' : 'dark'}
      // On a phone the lower half is the thumb's: navigation and ticket.
      position={isNarrow ? 'top-center' : 'bottom-right'}
      containerAriaLabel={label}
      closeButton
      mobileOffset={{ top: 56 }}
      toastOptions={{
        closeButtonAriaLabel: closeLabel,
        classNames: {
          toast: '!rounded-lg !border-line !bg-raised !text-ink !font-sans !shadow-lg',
          description: '!text-muted',
          success: '[&_[data-icon]]:!text-up',
          error: '[&_[data-icon]]:!text-harm',
          warning: '[&_[data-icon]]:!text-doubt',
          actionButton: '!bg-accent !text-on-accent',
          closeButton: '!border-line !bg-raised !text-muted',
        },
      }}
    />
  );
}
