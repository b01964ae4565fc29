'use client';

import type { LucideIcon } from 'lucide-react';
import { classNames } from '../class-names';

export type Destination<T extends string> = { value: T; label: string; icon: LucideIcon; isAction?: boolean };

type Props<T extends string> = {
  label: string;
  value: T;
  onValue: (value: T) => void;
  destinations: readonly Destination<T>[];
};

/** The way between the rooms of the desk on a narrow screen. */
export function BottomNav<T extends string>({ label, value, onValue, destinations }: Props<T>) {
  return (
    <nav
      aria-label={label}
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {destinations.map(({ value: own, label: text, icon: Icon, isAction = false }) => (
        <button
          key={own}
          type="button"
          aria-current={own === value ? 'page' : undefined}
          onClick={() => onValue(own)}
          className={classNames(
            'grid h-14 min-w-0 flex-1 place-content-center justify-items-center gap-0.5 text-label text-muted -outline-offset-2',
            own === value && 'text-accent',
            isAction && 'm-1.5 h-11 rounded-md bg-accent text-on-accent',
          )}
        >
          <Icon className="size-5" aria-hidden />
          {text}
        </button>
      ))}
    </nav>
  );
}
