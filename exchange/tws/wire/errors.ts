/**
 * Codes and words of errors, as IB lists them (TWS API: Message Codes, interactivebrokers.github.io/tws-api/message_codes.html
 * and ibkrcampus.com, "TWS API error codes"). An error about a request or an order carries its id, all others −1.
 */
export interface TwsError {
  readonly code: number;
  readonly text: string;
}

/** Carries an error to where it is sent; `id` of the request or order is added there. */
export class TwsRefusal extends Error {
  readonly error: TwsError;

  constructor(error: TwsError) {
    super(error.text);
    this.error = error;
  }
}

const invalid = (cause: string): TwsError => ({
  code: 321,
  text: `Error validating request.-'bN' : cause - ${cause}`,
});

export const ERRORS = {
  tooManyTickers: { code: 101, text: 'Max number of tickers has been reached.' },
  duplicateOrderId: { code: 103, text: 'Duplicate order id' },
  filledOrder: { code: 104, text: 'Cannot modify a filled order' },
  orderMismatch: { code: 105, text: 'Order being modified does not match original order' },
  priceIncrement: {
    code: 110,
    text: 'The price does not conform to the minimum price variation for this contract.',
  },
  noCancelNow: (permId: number): TwsError => ({
    code: 161,
    text: `Cancel attempted when order is not in a cancellable state. Order permId =${permId}`,
  }),
  historyError: (why: string): TwsError => ({
    code: 162,
    text: `Historical Market Data Service error message:${why}`,
  }),
  noContract: { code: 200, text: 'No security definition has been found for the request' },
  ambiguous: {
    code: 200,
    text: 'The contract description specified is ambiguous; you must specify the multiplier or trading class.',
  },
  rejected: (why: string): TwsError => ({ code: 201, text: `Order rejected - reason:${why}` }),
  cancelled: { code: 202, text: 'Order Canceled - reason:' },
  noTicker: (id: number): TwsError => ({ code: 300, text: `Can't find EId with tickerId:${id}` }),
  unreadable: (why: string): TwsError => ({
    code: 320,
    text: `Server error when reading an API client request. ${why}`,
  }),
  invalid,
  duplicateTicker: {
    code: 322,
    text: "Error processing request.-'bN' : cause - Duplicate ticker id",
  },
  clientIdInUse: {
    code: 326,
    text: 'Unable to connect as the client id is already in use. Retry with a unique client id.',
  },
  waitsForOpening: (order: string, opening: string): TwsError => ({
    code: 399,
    text: `Order Message:\n${order}\nWarning: Your order will not be placed at the exchange until ${opening}`,
  }),
  accountMissing: { code: 435, text: 'You must specify an account.' },
  connectivityLost: { code: 1100, text: 'Connectivity between IB and Trader Workstation has been lost.' },
  restoredLost: {
    code: 1101,
    text: 'Connectivity between IB and Trader Workstation has been restored- data lost.',
  },
  restoredKept: {
    code: 1102,
    text: 'Connectivity between IB and Trader Workstation has been restored- data maintained.',
  },
  outsideHoursIgnored: {
    code: 2109,
    text: "Order Event Warning:Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination. PlaceOrder is now being processed.",
  },
  cancelUnknown: (id: number): TwsError => ({
    code: 10147,
    text: `OrderId ${id} that needs to be cancelled is not found.`,
  }),
  cancelTooLate: (id: number, state: string): TwsError => ({
    code: 10148,
    text: `OrderId ${id} that needs to be cancelled cannot be cancelled, state: ${state}.`,
  }),
  fractional: {
    code: 10243,
    text: 'Fractional-sized order cannot be placed via API. Please use desktop version or mobile version of TWS to submit this order.',
  },
} as const;

/** What IB says of its data farms when a client has connected: no error, though it comes as one. */
export const FARMS: readonly TwsError[] = [
  { code: 2104, text: 'Market data farm connection is OK:usfarm' },
  { code: 2106, text: 'HMDS data farm connection is OK:ushmds' },
  { code: 2158, text: 'Sec-def data farm connection is OK:secdefil' },
];
