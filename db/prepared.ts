import {
  Column,
  is,
  Param,
  Placeholder,
  type Query,
  type SQL,
  type Table,
  getTableColumns,
  sql,
} from 'drizzle-orm';
import type { Db } from './client';

/**
 * A statement that is built once for each `Db` it is asked of: for what every order asks, since drizzle takes longer
 * to build a statement than SQLite to answer it. Its values are `sql.placeholder`s, given by name with each call.
 */
export function prepared<Built extends object>(build: (db: Db) => Built): (db: Db) => Built {
  const built = new WeakMap<Db, Built>();
  return (db) => {
    const known = built.get(db);
    if (known !== undefined) return known;
    const query = build(db);
    readRowsAtOnce(query);
    built.set(db, query);
    return query;
  };
}

type Values = Readonly<Record<string, unknown>>;
type Item = object & { prepare(): { getQuery(): Query } };

/** The same for a statement that goes with others in a batch: each call gives one with values of its own. */
export function preparedItem<Built extends Item>(
  build: (db: Db) => Built,
): (db: Db, values: Values) => Built {
  const parts = prepared((db) => {
    const item = build(db);
    const query = item.prepare();
    const { params, ...rest } = query.getQuery();
    return { item, query, rest, slots: params.map(slotOf) };
  });
  return (db, values) => {
    const { item, query, rest, slots } = parts(db);
    const filled = { ...rest, params: slots.map((slot) => slot(values)) };
    // A batch asks an item for its prepared form, and that for its words and how to read the answer.
    const own: object = Object.create(query, { getQuery: { value: () => filled } });
    return Object.create(item, { _prepare: { value: () => own } });
  };
}

/** How a parameter gets its value; null stays null, where drizzle's own way makes a JSON text of it. */
function slotOf(param: unknown): (values: Values) => unknown {
  const [name, encode] = is(param, Placeholder)
    ? [param.name, null]
    : is(param, Param) && is(param.value, Placeholder)
      ? [param.value.name, param.encoder]
      : [null, null];
  if (name === null) return () => param;
  return (values) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name} was given`);
    return value === null || encode === null ? value : encode.mapToDriverValue(value);
  };
}

/** The columns of a table, by their names here. */
export const columnsOf = <Of extends Table>(table: Of): (keyof Of['$inferSelect'] & string)[] =>
  Object.keys(getTableColumns(table));

/** For each of these columns of a table a placeholder of its name. */
export function placeholdersOf<Name extends string>(table: Table, names: readonly Name[]): Record<Name, SQL> {
  const columns = getTableColumns(table);
  const all: Record<Name, SQL> = Object.create(null);
  for (const name of names) all[name] = sql`${sql.param(sql.placeholder(name), columns[name])}`;
  return all;
}

const PLAIN = new Set(['string', 'number', 'boolean', 'json']);

type Field = { name: string; decode: ((value: unknown) => unknown) | null };

function simpleFields(query: object): Field[] | null {
  const fields: unknown = Reflect.get(query, 'fields');
  if (!Array.isArray(fields)) return null;
  const simple = fields.flatMap((each: { path: unknown; field: unknown }): Field[] => {
    const { path, field } = each;
    if (!is(field, Column) || !Array.isArray(path) || path.length !== 1) return [];
    if (!PLAIN.has(field.dataType)) return [];
    const isAsStored = field.mapFromDriverValue === Column.prototype.mapFromDriverValue;
    return [
      { name: String(path[0]), decode: isAsStored ? null : (value) => field.mapFromDriverValue(value) },
    ];
  });
  return simple.length === fields.length ? simple : null;
}

/**
 * For a prepared statement that answers with plain columns of one table: drizzle looks at the kind of every column of
 * every row, and an order has forty. What it answers stays the same.
 */
function readRowsAtOnce(query: object): void {
  const fields = simpleFields(query);
  if (fields === null) return;
  const read = (row: Record<number, unknown>) => {
    const result: Record<string, unknown> = {};
    for (let at = 0; at < fields.length; at += 1) {
      const field = fields[at];
      if (field === undefined) continue;
      const value = row[at];
      result[field.name] = value === null || field.decode === null ? value : field.decode(value);
    }
    return result;
  };
  const rowsOf = (answer: unknown, isFromBatch: unknown): Record<number, unknown>[] => {
    const rows: unknown =
      isFromBatch === true && typeof answer === 'object' && answer !== null
        ? Reflect.get(answer, 'rows')
        : answer;
    return Array.isArray(rows) ? rows : [];
  };
  Reflect.set(query, 'mapAllResult', (answer: unknown, isFromBatch: unknown) =>
    rowsOf(answer, isFromBatch).map(read),
  );
  Reflect.set(query, 'mapGetResult', (answer: unknown, isFromBatch: unknown) => {
    const [row] = rowsOf(answer, isFromBatch);
    return row === undefined ? undefined : read(row);
  });
}
