'use client';

import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Gives the focus back to what had it before a dialog opened. Radix does so only for its own triggers;
 * the desk's dialogs open by state.
 */
export function useReturnFocus(open: boolean, initialFocus?: RefObject<HTMLElement | null>) {
  const opener = useRef<Element | null>(null);
  // Before the content's own effects, which may take the focus already.
  useLayoutEffect(() => {
    if (open) opener.current = document.activeElement;
  }, [open]);
  return {
    onOpenAutoFocus: (event: Event) => {
      if (!initialFocus?.current) return;
      event.preventDefault();
      initialFocus.current.focus();
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (opener.current instanceof HTMLElement) opener.current.focus();
    },
  };
}
