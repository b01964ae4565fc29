'use client';

import { Tabs as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

/** A tab with a `count` keeps room for it while it is not known. */
export type Tab = { value: string; label: ReactNode; count?: number | undefined; content: ReactNode };

type Props = { label: string; value: string; onValue: (value: string) => void; tabs: readonly Tab[] };

/** Tabs whose bodies scroll inside the space they are given. */
export function Tabs({ label, value, onValue, tabs }: Props) {
  return (
    <Primitive.Root value={value} onValueChange={onValue} className="flex h-full min-h-0 flex-col">
      <Primitive.List
        aria-label={label}
        className="flex h-9 shrink-0 items-stretch gap-1 overflow-x-auto border-b border-line px-2 max-md:h-11"
      >
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="relative flex items-center gap-1.5 px-2 text-table font-medium whitespace-nowrap text-muted -outline-offset-2 after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 hover:text-ink data-[state=active]:text-ink data-[state=active]:after:bg-accent"
          >
            {tab.label}
            {'count' in tab && (
              <span className="min-w-4 rounded bg-raised px-1 text-center text-label">
                {tab.count ?? '·'}
              </span>
            )}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content
          key={tab.value}
          value={tab.value}
          className="min-h-0 flex-1 overflow-hidden -outline-offset-2 data-[state=inactive]:hidden"
        >
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
