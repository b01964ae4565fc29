'use client';

import { type ReactNode, useId } from 'react';

type Props = {
  label: ReactNode;
  /** Why it cannot be taken, or what it means. */
  note?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChecked: (checked: boolean) => void;
};

/** Yes or no, with its words as large a target as the box. */
export function Check({ label, note, checked, disabled = false, onChecked }: Props) {
  const id = useId();
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-2 text-table">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onChange={(event) => onChecked(event.target.checked)}
        className="size-4 cursor-pointer accent-accent disabled:cursor-not-allowed max-md:size-5"
      />
      <label htmlFor={id} className="flex min-h-7 cursor-pointer items-center max-md:min-h-11">
        {label}
      </label>
      {note !== undefined && (
        <p id={`${id}-note`} className="col-start-2 text-label text-muted">
          {note}
        </p>
      )}
    </div>
  );
}
