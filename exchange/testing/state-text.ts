import type { Books } from '../venue/books';

/** All of the exchange's state as text: two states are the same when their texts are, to the byte. */
export const stateText = (books: Books): string =>
  JSON.stringify(books.save(), (key: string, value: unknown) => {
    // Orders refer to each other; by their ids that is enough.
    if (key === 'parent' || key === 'order') return idOf(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Map || value instanceof Set) return [...value.entries()];
    return value;
  });

const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
