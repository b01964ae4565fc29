/** The fields of an order in the REST form, and the desk's own names for them. */
const ORDER_FIELDS: ReadonlyMap<string, string> = new Map([
  ['symbol', 'symbol'],
  ['side', 'side'],
  ['type', 'type'],
  ['time_in_force', 'timeInForce'],
  ['qty', 'qty'],
  ['notional', 'notional'],
  ['limit_price', 'limitPrice'],
  ['stop_price', 'stopPrice'],
  ['trail_price', 'trailPrice'],
  ['trail_percent', 'trailPercent'],
  ['extended_hours', 'extendedHours'],
  ['order_class', 'orderClass'],
  ['take_profit', 'takeProfit'],
  ['stop_loss', 'stopLoss'],
  ['client_order_id', 'clientOrderId'],
]);

const LEGS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['take_profit', new Map([['limit_price', 'limitPrice']])],
  [
    'stop_loss',
    new Map([
      ['stop_price', 'stopPrice'],
      ['limit_price', 'limitPrice'],
    ]),
  ],
]);

type Names = ReadonlyMap<string, string>;

/** The names that may stand inside a field, or null where a plain value belongs. */
export const legNames = (field: string): Names | null => LEGS.get(field) ?? null;

export const orderFieldNames: Names = ORDER_FIELDS;

const REST_NAMES = new Map([...ORDER_FIELDS].map(([rest, own]) => [own, rest]));
const LEG_REST_NAMES = new Map([
  ['limitPrice', 'limit_price'],
  ['stopPrice', 'stop_price'],
]);

/** A field's path as alerts spell it: `takeProfit.limitPrice` is `take_profit.limit_price`. */
export function restPath(path: readonly string[]): string {
  return path
    .map((name, at) => (at === 0 ? REST_NAMES.get(name) : LEG_REST_NAMES.get(name)) ?? name)
    .join('.');
}
