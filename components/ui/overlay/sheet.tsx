'use client';

import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from '../form/button';
import { useReturnFocus } from './return-focus';

type Props = {
  open: boolean;
  onOpen: (open: boolean) => void;
  title: ReactNode;
  closeLabel: string;
  children: ReactNode;
};

/** A panel that rises from the lower edge, for narrow screens. */
export function Sheet({ open, onOpen, title, closeLabel, children }: Props) {
  const focus = useReturnFocus(open);
  return (
    <Primitive.Root open={open} onOpenChange={onOpen}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Primitive.Content
          {...focus}
          aria-describedby={undefined}
          className="animate-rise fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col rounded-t-xl border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] shadow-xl"
        >
          <div className="flex h-12 shrink-0 items-center justify-between border-b border-line pr-1 pl-4">
            <Primitive.Title className="text-base font-semibold">{title}</Primitive.Title>
            <Primitive.Close asChild>
              <Button look="ghost" size="icon" aria-label={closeLabel}>
                <X aria-hidden />
              </Button>
            </Primitive.Close>
          </div>
          <div className="min-h-0 overflow-y-auto">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
