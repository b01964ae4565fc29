import type { ReactNode } from 'react';
import { Button } from './button';

type Props = { label: ReactNode; busy: boolean; saved: ReactNode };

/** The end of a form that saves: its button, and a word when it is done. */
export function SaveLine({ label, busy, saved }: Props) {
  return (
    <div className="flex items-center gap-3">
      <Button type="submit" look="primary" className="max-md:h-11" busy={busy}>
        {label}
      </Button>
      <span role="status" className="text-table text-muted">
        {saved}
      </span>
    </div>
  );
}
