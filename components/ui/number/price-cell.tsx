'use client';

import { useEffect, useRef } from 'react';
import { classNames } from '../class-names';
import { flash, flashDirection } from './flash';

type Props = {
  /** The exact value; it decides on the flash. */
  value: string | null;
  /** What is shown. */
  text: string;
  /** Grey: old, or from a lost connection. */
  dim?: boolean;
  className?: string;
};

/** A number that ticks: a soft tint says which way it went. */
export function PriceCell({ value, text, dim = false, className }: Props) {
  const element = useRef<HTMLSpanElement>(null);
  const before = useRef<string | null>(null);
  const flashedAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const now = performance.now();
    const direction = flashDirection(before.current, value, now - flashedAt.current);
    if (direction !== null && element.current !== null) {
      flashedAt.current = now;
      flash(element.current, direction);
    }
    before.current = value;
  }, [value]);
  return (
    <span
      ref={element}
      className={classNames(
        '-mx-1 inline-block rounded-sm px-1 tabular-nums',
        dim && 'text-muted',
        className,
      )}
    >
      {text}
    </span>
  );
}
