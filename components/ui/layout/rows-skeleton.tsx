import { Cell } from './table';
import { Skeleton } from './skeleton';

const ROWS = ['a', 'b', 'c'];

/** A few lines of a table that is still loading. */
export function RowsSkeleton({ columns }: { columns: number }) {
  const cells = Array.from({ length: columns }, (_, index) => `c${index}`);
  return ROWS.map((row) => (
    <tr key={row}>
      {cells.map((cell) => (
        <Cell key={cell}>
          <Skeleton className="h-3.5 w-12" />
        </Cell>
      ))}
    </tr>
  ));
}
