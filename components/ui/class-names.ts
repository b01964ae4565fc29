import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

// The desk's own text sizes; without them `text-table` would be taken for a colour and dropped.
const merge = extendTailwindMerge({
  extend: { classGroups: { 'font-size': [{ text: ['label', 'table'] }] } },
});

/** Joins class names; a later one wins over an earlier one of the same kind. */
export function classNames(...values: ClassValue[]): string {
  return merge(clsx(values));
}
