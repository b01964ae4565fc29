'use client';

import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';

/** Where toasts appear: above the bottom navigation on a phone, in the corner elsewhere. */
export function Toaster({ label, closeLabel }: { label: string; closeLabel: string }) {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'light' ? 'light' : 'dark'}
      position="bottom-right"
      containerAriaLabel={label}
      closeButton
      mobileOffset={{ bottom: 72 }}
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
