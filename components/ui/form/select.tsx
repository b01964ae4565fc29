'use client';

import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classNames } from '../class-names';
import { inputLook } from './input';

export type Option<T extends string> = { value: T; label: string; disabled?: boolean };

type Props<T extends string> = Omit<ComponentProps<'select'>, 'value' | 'onChange'> & {
  value: T;
  onValue: (value: T) => void;
  options: readonly Option<T>[];
};

/** One of several, by the browser's own list: it suits thumbs and keyboards alike. */
export function Select<T extends string>({ value, onValue, options, className, ...rest }: Props<T>) {
  function choose(next: string) {
    const option = options.find((one) => one.value === next);
    if (option) onValue(option.value);
  }
  return (
    <span className="relative block min-w-0">
      <select
        {...rest}
        value={value}
        onChange={(event) => choose(event.target.value)}
        className={classNames(inputLook, 'cursor-pointer appearance-none truncate pr-8', className)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  );
}
