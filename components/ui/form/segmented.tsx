'use client';

import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from '../class-names';

export type Choice<T extends string> = { value: T; label: ReactNode; activeClass?: string };

type Props<T extends string> = {
  label: string;
  value: T;
  onValue: (value: T) => void;
  choices: readonly Choice<T>[];
  size?: 'small' | 'medium' | 'large';
  className?: string;
};

const HEIGHTS = { small: 'h-7', medium: 'h-9 max-md:h-11', large: 'h-11' } as const;

/** A few choices side by side, exactly one of them taken. */
export function Segmented<T extends string>(props: Props<T>) {
  const { label, value, onValue, choices, size = 'medium', className } = props;
  function choose(next: string) {
    const choice = choices.find((one) => one.value === next);
    if (choice) onValue(choice.value);
  }
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={choose}
      className={classNames('flex rounded-md border border-line bg-ground p-0.5', HEIGHTS[size], className)}
    >
      {choices.map((choice) => (
        <ToggleGroup.Item
          key={choice.value}
          value={choice.value}
          className={classNames(
            'flex-1 cursor-pointer rounded px-2 text-table font-medium whitespace-nowrap text-muted hover:text-ink data-[state=on]:bg-raised data-[state=on]:text-ink',
            choice.value === value && choice.activeClass,
          )}
        >
          {choice.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
