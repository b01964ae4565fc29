import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '../class-names';

type Props = { tone: 'doubt' | 'harm'; action?: ReactNode; className?: string; children: ReactNode };

/** A line of warning; the text says what it means for the reader. */
export function Banner({ tone, action, className, children }: Props) {
  const Icon = tone === 'harm' ? CircleAlert : TriangleAlert;
  return (
    <div
      className={classNames(
        'flex min-h-9 items-center gap-2 px-3 py-1.5 text-table',
        tone === 'harm' ? 'bg-harm-tint text-harm' : 'bg-doubt-tint text-doubt',
        className,
      )}
    >
      <Icon className="size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
