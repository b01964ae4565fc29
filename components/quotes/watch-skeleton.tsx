import { Cell } from '../ui/layout/table';
import { Skeleton } from '../ui/layout/skeleton';

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

/** Nine rows, the length of the list a new user starts with. */
export function WatchSkeleton() {
  return ROWS.map((row) => (
    <tr key={row}>
      <Cell>
        <Skeleton className="h-3.5 w-12" />
      </Cell>
      <Cell className="max-xl:hidden">
        <Skeleton className="ml-auto h-3.5 w-12" />
      </Cell>
      <Cell className="max-xl:hidden">
        <Skeleton className="ml-auto h-3.5 w-12" />
      </Cell>
      <Cell>
        <Skeleton className="ml-auto h-3.5 w-12" />
      </Cell>
      <Cell>
        <Skeleton className="ml-auto h-3.5 w-14" />
      </Cell>
      <Cell />
      <Cell />
    </tr>
  ));
}
