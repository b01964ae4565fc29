import { createServer, type Server, type Socket } from 'node:net';
import { notFound, Refusal } from '../orders/refusals';
import { twsKey } from '../venue/books';
import type { Addressed } from '../venue/trade-updates';
import type { Venue } from '../venue/venue';
import { sendPositions } from './account/positions';
import { twsNumberOf } from './account/number';
import { sendSummaries } from './account/summary';
import { sendUpdates } from './account/updates';
import { type Connection, type Host, openConnection } from './connection';
import { GatewayFaults } from './gateway-faults';
import { sendTicks } from './market/ticks';
import { answerOrderRequest, type OrderGate } from './order-requests';
import { pushUpdate } from './reports/push-update';
import { ANSWERED, tellAccounts } from './requests';
import { leastOrderId } from './orders/own-order';
import type { ShownAccount } from './session';
import { ERRORS, FARMS, TwsRefusal } from './wire/errors';
import { FieldError, FieldReader } from './wire/field-reader';
import { ANSWERS, LAST_REQUEST, REQUESTS } from './wire/message-ids';
import { SERVER_VERSION } from './wire/server-version';

/** IB: 32 clients at once. Sockets that have not said who they are yet count too. */
const MOST_SOCKETS = 32;
/** Prices are told every 300 ms: IB's, too, are samples, of about 250 ms. */
const TICK_BEATS = 3;

/** One gateway, as IB Gateway is one: a port, the accounts it shows, and clients by their numbers. */
export class TwsGateway implements Host, OrderGate {
  readonly venue: Venue;
  readonly serverVersion = SERVER_VERSION;
  /** Where it listens; 0 before it does. */
  port = 0;
  readonly faults: GatewayFaults;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Map<number, Connection>();
  readonly #stop: () => void;
  readonly #onError: (error: unknown, id: string) => void;
  /** Where next order ids have jumped to, by client; a restart forgets it, the ids that were used it does not. */
  readonly #floors = new Map<number, number>();
  /** Orders that no word is said of, by account and number. */
  readonly #silent = new Set<string>();
  #refusedUntil = 0;
  #beats = 0;

  constructor(venue: Venue, onError: (error: unknown, id: string) => void) {
    this.venue = venue;
    this.#onError = onError;
    this.faults = new GatewayFaults(venue, () => this.accounts());
    this.#stop = venue.listen((sent) => this.#hear(sent));
    this.#server = createServer((socket) => this.#accept(socket));
  }

  get server(): Server {
    return this.#server;
  }

  /** Ids of the clients that are connected. */
  get clientIds(): number[] {
    return [...this.#clients.keys()].sort((a, b) => a - b);
  }

  accounts(): ShownAccount[] {
    const { byKeyId, gatewayKeys } = this.venue.books;
    return [...gatewayKeys].flatMap((keyId) => {
      const account = byKeyId.get(keyId);
      return account === undefined ? [] : [{ number: twsNumberOf(keyId), account }];
    });
  }

  /** Shows the account of a key from now on; those who are connected are told. Answers its number. */
  show(keyId: string): string {
    const { byKeyId, gatewayKeys } = this.venue.books;
    if (!byKeyId.has(keyId)) throw notFound(`account not found for ${keyId}`);
    const number = twsNumberOf(keyId);
    if (gatewayKeys.has(keyId)) return number;
    const taken = this.accounts().find((shown) => shown.number === number);
    if (taken !== undefined) {
      throw new Refusal(409, 40910000, `key ${keyId} has the number of ${taken.account.keyId}, ${number}`);
    }
    this.venue.commit({ type: 'gateway_account', key_id: keyId });
    for (const client of this.#clients.values()) tellAccounts(client);
    return number;
  }

  /** Sends what changes without an order's doing: connectivity, prices, positions, summaries. */
  beat(): void {
    this.#beats += 1;
    const refuseFor = this.faults.takeReset(this.clientIds);
    if (refuseFor !== null) this.#reset(refuseFor);
    for (const client of this.#clients.values()) {
      this.faults.refresh(client);
      if (client.lost !== null) continue;
      for (const { orderId, run } of client.subscriptions.takeDeferred()) refuse(client, orderId, run);
      if (this.#beats % TICK_BEATS === 0) {
        for (const [id, stream] of client.subscriptions.tickers) sendTicks(client, id, stream);
      }
      sendPositions(client);
      sendSummaries(client);
      sendUpdates(client);
    }
  }

  async close(): Promise<void> {
    this.#stop();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await closed;
  }

  #reset(refuseForMs: number): void {
    this.#refusedUntil = Date.now() + refuseForMs;
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    if (Date.now() < this.#refusedUntil || this.#sockets.size >= MOST_SOCKETS) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    openConnection(socket, this);
  }

  start(client: Connection): boolean {
    if (this.#clients.has(client.clientId)) return false;
    this.#clients.set(client.clientId, client);
    const jump = this.faults.strikeClient('next_valid_id_jump', client.clientId);
    if (jump !== null) this.#floors.set(client.clientId, this.leastOrderId(client) + jump.by);
    tellAccounts(client);
    this.#tellNextId(client);
    for (const farm of FARMS) client.error(-1, farm);
    this.faults.refresh(client);
    return true;
  }

  ended(client: Connection): void {
    if (this.#clients.get(client.clientId) === client) this.#clients.delete(client.clientId);
  }

  onError(error: unknown): void {
    this.#onError(error, 'tws');
  }

  leastOrderId(client: Connection): number {
    return Math.max(leastOrderId(client), this.#floors.get(client.clientId) ?? 0);
  }

  silence(keyId: string, client: Connection, orderId: number): void {
    this.#silent.add(`${keyId}/${twsKey({ client_id: client.clientId, order_id: orderId })}`);
  }

  #tellNextId(client: Connection): void {
    client.send([ANSWERS.nextValidId, 1, this.leastOrderId(client)]);
  }

  async answer(client: Connection, fields: readonly string[]): Promise<void> {
    this.faults.refresh(client);
    const reader = new FieldReader(fields);
    const number = reader.int();
    if (number === REQUESTS.ids) return this.#tellNextId(client);
    const isOrder = answerOrderRequest(this, client, number, reader);
    if (isOrder !== null) return isOrder;
    const request = ANSWERED.get(number);
    if (request === undefined) return refuseUnknown(client, number);
    // IB cannot be asked.
    if (client.lost !== null && request.isLocal !== true) return;
    // What is told must have come to stay. On a full disk that is the state it went back to.
    await this.venue.durable().catch(() => {});
    const id = request.idAt === undefined ? -1 : Number(fields[request.idAt + 1]);
    try {
      await request.run(client, reader);
    } catch (error) {
      if (!(error instanceof TwsRefusal)) throw error;
      client.error(Number.isInteger(id) ? id : -1, error.error);
    }
  }

  #hear(sent: Addressed): void {
    const { account, order } = sent;
    if (!this.venue.books.gatewayKeys.has(account.keyId)) return;
    // Of orders that came on another wire client 0 is told, as of those that are entered in TWS itself.
    const client = this.#clients.get(order.tws?.client_id ?? 0);
    if (client === undefined) return;
    this.faults.refresh(client);
    if (client.lost !== null) return;
    if (order.tws !== null && this.#silent.has(`${account.keyId}/${twsKey(order.tws)}`)) return;
    pushUpdate(client, sent);
  }
}

/** Runs a piece of work, and tells the client what is refused of it. */
function refuse(client: Connection, id: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof TwsRefusal)) throw error;
    client.error(id, error.error);
  }
}

/** A request of IB's that is not here leaves the connection as it is; a number that is none of IB's does not. */
function refuseUnknown(client: Connection, number: number): void {
  if (number < 1 || number > LAST_REQUEST) throw new FieldError(`${number} is no request`);
  client.error(-1, ERRORS.invalid(`Request ${number} is not supported`));
}
