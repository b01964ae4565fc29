import { classNames } from '../class-names';

/** Holds the place of what is still loading, at its final size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classNames('block animate-pulse rounded bg-raised', className)} />;
}
