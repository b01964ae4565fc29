import type { ComponentProps } from 'react';
import { classNames } from '../class-names';

/** Several lines of text that a program reads, so every character has the same width. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      spellCheck={false}
      autoComplete="off"
      {...rest}
      className={classNames(
        'w-full min-w-0 resize-y rounded-md border border-edge bg-ground p-2.5 font-mono text-table text-ink placeholder:text-muted aria-invalid:border-harm',
        className,
      )}
    />
  );
}
