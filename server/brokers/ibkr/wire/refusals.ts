/**
 * Codes that say of the order whose id they carry: it was read and not taken. Every other code leaves doubt or only
 * warns, such as 399 (waits for the open), 404 (looks for shares to borrow) and 322 (an error of the server while it
 * worked). From "Message Codes" of the TWS API, interactivebrokers.github.io/tws-api/message_codes.html.
 */
const REFUSED = new Set([
  103, // Duplicate order id: this message made no order.
  106, // Can't transmit order ID.
  107, // Cannot transmit incomplete order.
  109, // Price is out of the range defined by the Percentage setting. The order will not be transmitted.
  110, // The price does not conform to the minimum price variation for this contract.
  111, // The TIF and the order type are incompatible.
  113, // The TIF should be set to DAY for MOC and LOC orders.
  116, // The order cannot be transmitted to a dead exchange.
  200, // No security definition has been found for the request.
  201, // Order rejected - Reason: …
  203, // The security is not available or allowed for this account.
  382, // The price violates the number of ticks constraint of the default order settings.
  383, // The size violates the size constraint of the default order settings.
  387, // Unsupported order type for this exchange and security type.
  388, // Order size is smaller than the minimum requirement.
  434, // The order size cannot be zero.
  436, // You must specify an allocation.
  460, // No trading permissions.
]);

/** Server error when validating a request: of an order it is a no, since what was not valid is not worked on. */
const INVALID = 321;

export const isRefusal = (code: number, message: string): boolean =>
  REFUSED.has(code) || (code === INVALID && /validating/i.test(message));

/** A change is refused by all that refuses an order, and because the order is not there to be changed any more. */
const CHANGE_REFUSED = new Set([
  104, // Can't modify a filled order.
  105, // Order being modified does not match original order.
  134, // Modify order failed.
  135, // Can't find order with ID.
]);

export const isChangeRefusal = (code: number, message: string): boolean =>
  CHANGE_REFUSED.has(code) || isRefusal(code, message);

/** The order was cancelled: the end of it, and the answer to a request to cancel it. */
export const CANCELLED = 202;

/** A request to cancel is refused: the order is not known or not to be cancelled any more. */
const CANCEL_REFUSED = new Set([
  135, // Can't find order with ID.
  136, // This order cannot be cancelled.
  161, // Cancel attempted when order is not in a cancellable state.
  10_147, // OrderId that needs to be cancelled is not found.
  10_148, // OrderId that needs to be cancelled cannot be cancelled.
]);

export const isCancelRefusal = (code: number): boolean => CANCEL_REFUSED.has(code);

/** The gateway has lost IB (1100), or had not reached it when it was asked (2110). It says so by itself, without an id. */
export const isLinkLost = (code: number): boolean => code === 1_100 || code === 2_110;

/** The gateway has IB again: what it sent before is gone (1101), or was kept (1102). The desk trusts neither. */
export const isLinkBack = (code: number): boolean => code === 1_101 || code === 1_102;
