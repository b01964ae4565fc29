'use client';

import { Tooltip as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

export const TooltipProvider = Primitive.Provider;

/** A short note on hover and focus; `children` is one focusable element. */
export function Tooltip({ note, children }: { note: ReactNode; children: ReactNode }) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          sideOffset={4}
          collisionPadding={8}
          className="animate-appear z-50 max-w-64 rounded border border-line bg-raised px-2 py-1 text-table text-ink shadow-lg"
        >
          {note}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
