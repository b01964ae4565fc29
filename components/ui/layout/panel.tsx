import type { ReactNode } from 'react';
import { classNames } from '../class-names';

type Props = {
  title: string;
  /** Replaces the plain title in the header line; the title still names the region. */
  header?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
};

/** A named region that keeps its header while its body scrolls inside itself. */
export function Panel({ title, header, actions, className, children }: Props) {
  return (
    <section
      aria-label={title}
      className={classNames('flex min-h-0 min-w-0 flex-col overflow-hidden bg-surface', className)}
    >
      <div className="flex h-10 shrink-0 items-center justify-between gap-2 border-b border-line pr-2 pl-3 max-md:h-12">
        {header ?? <h2 className="text-table font-semibold">{title}</h2>}
        {actions}
      </div>
      <div className="min-h-0 flex-1">{children}</div>
    </section>
  );
}
