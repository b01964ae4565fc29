'use client';

import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';

export type FieldParts = {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
};

type Props = {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  /** Stands at the end of the label's line. */
  aside?: ReactNode;
  children: (parts: FieldParts) => ReactNode;
};

/** A labelled control; hint and error are tied to it for screen readers. */
export function Field({ label, hint, error, aside, children }: Props) {
  const id = useId();
  const hasError = error !== undefined && error !== null;
  // An error says what the hint said, and more.
  const hasHint = hint !== undefined && !hasError;
  const described = [hasError && `${id}-error`, hasHint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className="grid gap-1">
      <div className="flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-label font-medium text-muted">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': hasError ? true : undefined,
      })}
      {hasError && (
        <p id={`${id}-error`} className="flex items-start gap-1 text-table text-harm">
          <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
          <span>{error}</span>
        </p>
      )}
      {hasHint && (
        <p id={`${id}-hint`} className="text-label text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
