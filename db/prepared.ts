import type { Db } from './client';

/**
 * A statement that is built once for each `Db` it is asked of: for what every order asks, since drizzle takes longer
 * to build a statement than SQLite to answer it. Its values are `sql.placeholder`s, given by name with each call.
 */
export function prepared<Query>(build: (db: Db) => Query): (db: Db) => Query {
  const built = new WeakMap<Db, Query>();
  return (db) => {
    const known = built.get(db);
    if (known !== undefined) return known;
    const query = build(db);
    built.set(db, query);
    return query;
  };
}
