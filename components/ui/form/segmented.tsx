'use client';

import { ToggleGroup } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { classNames } from '../class-names';

export type Choice<T extends string> = {
  value: T;
  label: ReactNode;
  activeClass?: string;
  /** Why it cannot be taken now; said to whoever tries. */
  unavailable?: string | undefined;
};

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
  const [tried, setTried] = useState<T | null>(null);
  const why = choices.find((choice) => choice.value === tried)?.unavailable;
  function choose(next: string) {
    const choice = choices.find((one) => one.value === next);
    if (!choice) return;
    const isFree = choice.unavailable === undefined;
    setTried(isFree ? null : choice.value);
    if (isFree) onValue(choice.value);
  }
  return (
    <>
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
            title={choice.unavailable}
            aria-disabled={choice.unavailable === undefined ? undefined : true}
            className={classNames(
              'flex-1 cursor-pointer rounded px-2 max-sm:px-1 text-table font-medium whitespace-nowrap text-muted hover:text-ink aria-disabled:cursor-not-allowed aria-disabled:opacity-60 data-[state=on]:bg-raised data-[state=on]:text-ink',
              choice.value === value && choice.activeClass,
            )}
          >
            {choice.label}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      {why !== undefined && (
        <p role="status" className="text-label text-doubt">
          {why}
        </p>
      )}
    </>
  );
}
