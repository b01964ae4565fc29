import { Refusal } from '../orders/refusals';
import type { Connection } from './connection';
import type { GatewayFaults } from './gateway-faults';
import { cancelAllOrders, cancelOwnOrder } from './orders/cancel-order';
import { accountNamed } from './orders/own-order';
import { placeOrder } from './orders/place-order';
import { type PlacedOrder, readOrder, readOrderId } from './orders/read-order';
import { ERRORS, TwsRefusal } from './wire/errors';
import type { FieldReader } from './wire/field-reader';
import { REQUESTS } from './wire/message-ids';

/** What requests about orders need of the gateway. */
export interface OrderGate {
  readonly faults: GatewayFaults;
  leastOrderId(client: Connection): number;
  /** No word is said of this order from now on, unless somebody asks. */
  silence(keyId: string, client: Connection, orderId: number): void;
}

type Work = (gate: OrderGate, client: Connection, fields: FieldReader) => Promise<void> | void;

const WORK: ReadonlyMap<number, Work> = new Map<number, Work>([
  [REQUESTS.placeOrder, place],
  [REQUESTS.cancelOrder, cancel],
  [REQUESTS.globalCancel, (_gate, client) => cancelAllOrders(client)],
]);

/** Answers what is about orders; null for any other request. */
export function answerOrderRequest(
  gate: OrderGate,
  client: Connection,
  number: number,
  fields: FieldReader,
): Promise<void> | null {
  const work = WORK.get(number);
  if (work === undefined) return null;
  // It does not get to IB, and nobody says so.
  if (client.lost !== null) return Promise.resolve();
  return Promise.resolve(work(gate, client, fields));
}

async function place(gate: OrderGate, client: Connection, fields: FieldReader): Promise<void> {
  const orderId = readOrderId(fields);
  try {
    const placed = readOrder(orderId, fields);
    const subject = subjectOf(client, placed);
    if (gate.faults.strike('drop_before', subject) !== null) return client.cut();
    const swallowed = gate.faults.strike('swallow', subject) !== null;
    if (swallowed) gate.silence(subject.account, client, orderId);
    const dropped = gate.faults.strike('drop_after', subject) !== null;
    try {
      placeOrder(client, placed, gate.leastOrderId(client));
    } catch (error) {
      if (!(swallowed || dropped) || !(error instanceof TwsRefusal)) throw error;
    }
    if (dropped) return client.cut();
    await client.venue.durable();
  } catch (error) {
    // The disk was full: what had been taken in was taken back.
    const refusal = error instanceof Refusal ? new TwsRefusal(ERRORS.rejected(error.message)) : error;
    if (!(refusal instanceof TwsRefusal)) throw error;
    client.error(orderId, refusal.error);
  }
}

function subjectOf(client: Connection, { account, orderRef, contract }: PlacedOrder) {
  const { keyId } = accountNamed(client, account).account;
  return { account: keyId, clientId: client.clientId, clientOrderId: orderRef, symbol: contract.symbol };
}

function cancel(_gate: OrderGate, client: Connection, fields: FieldReader): void {
  // The version of the message.
  fields.skip(1);
  const orderId = fields.int();
  try {
    cancelOwnOrder(client, orderId);
  } catch (error) {
    if (!(error instanceof TwsRefusal)) throw error;
    client.error(orderId, error.error);
  }
}
