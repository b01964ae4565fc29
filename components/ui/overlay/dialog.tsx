'use client';

import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';
import { Button } from '../form/button';
import { useReturnFocus } from './return-focus';

type Props = {
  open: boolean;
  onOpen: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  closeLabel: string;
  /** What takes the focus first; by default the first control. */
  initialFocus?: RefObject<HTMLElement | null>;
  children: ReactNode;
};

/** The one level of dialog: Esc backs out and the focus goes back to what opened it. */
export function Dialog({ open, onOpen, title, description, closeLabel, initialFocus, children }: Props) {
  const focus = useReturnFocus(open, initialFocus);
  return (
    <Primitive.Root open={open} onOpenChange={onOpen}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Primitive.Content
          {...focus}
          className="fixed top-1/2 left-1/2 z-50 max-h-[90dvh] w-[min(26rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-lg border border-line bg-raised p-4 shadow-xl"
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="mb-3 flex items-start justify-between gap-3">
            <div>
              <Primitive.Title className="text-base font-semibold">{title}</Primitive.Title>
              {description !== undefined && (
                <Primitive.Description className="mt-0.5 text-table text-muted">
                  {description}
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close asChild>
              <Button look="ghost" size="icon" aria-label={closeLabel} className="-mt-1 -mr-1">
                <X aria-hidden />
              </Button>
            </Primitive.Close>
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
