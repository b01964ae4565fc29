'use client';

import { ChevronDown, ChevronUp } from 'lucide-react';
import type { ComponentProps, KeyboardEvent } from 'react';
import { classNames } from '../class-names';
import { Input } from './input';

type Props = Omit<ComponentProps<'input'>, 'onChange' | 'value'> & {
  value: string;
  onValue: (value: string) => void;
  /** Steps up (1) or down (-1), ten times as far when `big`. */
  onStep: (direction: 1 | -1, big: boolean) => void;
  upLabel: string;
  downLabel: string;
};

/** A decimal field: arrow keys and two buttons step it, Shift steps ten times as far. */
export function StepInput({ value, onValue, onStep, upLabel, downLabel, className, ...rest }: Props) {
  function keyDown(event: KeyboardEvent) {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    onStep(event.key === 'ArrowUp' ? 1 : -1, event.shiftKey);
  }
  const stepper =
    'grid h-1/2 w-7 place-items-center text-muted hover:bg-raised hover:text-ink max-md:w-10 [&_svg]:size-3.5';
  return (
    <div className="relative">
      <Input
        {...rest}
        inputMode="decimal"
        autoComplete="off"
        value={value}
        onChange={(event) => onValue(event.target.value)}
        onKeyDown={keyDown}
        className={classNames('pr-9 text-right max-md:pr-12', className)}
      />
      {/* The arrow keys do the same, so the buttons stay out of the tab order. */}
      <div className="absolute inset-y-px right-px overflow-hidden rounded-r-md border-l border-line">
        <button
          type="button"
          tabIndex={-1}
          aria-label={upLabel}
          className={stepper}
          onClick={(event) => onStep(1, event.shiftKey)}
        >
          <ChevronUp aria-hidden />
        </button>
        <button
          type="button"
          tabIndex={-1}
          aria-label={downLabel}
          className={stepper}
          onClick={(event) => onStep(-1, event.shiftKey)}
        >
          <ChevronDown aria-hidden />
        </button>
      </div>
    </div>
  );
}
