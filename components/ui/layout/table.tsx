import type { ComponentProps, ReactNode } from 'react';
import { classNames } from '../class-names';

/** A dense table that scrolls inside itself, in both directions, under a header that stays. */
export function TableScroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="group" aria-label={label} tabIndex={0} className="h-full overflow-auto -outline-offset-2">
      <table className="w-full border-separate border-spacing-0 text-table">{children}</table>
    </div>
  );
}

type CellProps = { right?: boolean };

/** For the column of actions: it stays in sight when a narrow screen scrolls the table sideways. */
export const STAYS = 'max-md:sticky max-md:right-0 max-md:z-20 max-md:bg-surface';

export function HeadCell({ right, className, ...rest }: ComponentProps<'th'> & CellProps) {
  return (
    <th
      scope="col"
      {...rest}
      className={classNames(
        'sticky top-0 z-10 h-7 border-b border-line bg-surface px-2 text-left text-label font-medium whitespace-nowrap text-muted first:pl-3 last:pr-3',
        right && 'text-right',
        className,
      )}
    />
  );
}

/** The head of the column of actions: what can be done to all rows stands here. */
export function ActionHeadCell({ className, ...rest }: ComponentProps<'td'>) {
  return (
    <td
      {...rest}
      className={classNames(
        'sticky top-0 z-10 h-7 border-b border-line bg-surface pr-3 pl-2 text-right max-md:right-0 max-md:z-30',
        className,
      )}
    />
  );
}

export function Cell({ right, className, ...rest }: ComponentProps<'td'> & CellProps) {
  return (
    <td
      {...rest}
      className={classNames(
        'h-8 border-b border-line px-2 whitespace-nowrap first:pl-3 last:pr-3 max-md:h-11',
        right && 'text-right',
        className,
      )}
    />
  );
}

/** The line of sums, always in sight at the lower edge. */
export function FootCell({ right, className, ...rest }: ComponentProps<'td'> & CellProps) {
  return (
    <td
      {...rest}
      className={classNames(
        'sticky bottom-0 z-10 h-8 border-t border-line bg-surface px-2 font-semibold whitespace-nowrap first:pl-3 last:pr-3',
        right && 'text-right',
        className,
      )}
    />
  );
}
