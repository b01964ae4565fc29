import type { Socket } from 'node:net';
import type { Venue } from '../venue/venue';
import type { Session, ShownAccount } from './session';
import { Subscriptions } from './subscriptions';
import { ERRORS, type TwsError } from './wire/errors';
import { FieldError } from './wire/field-reader';
import { type Field, FrameDecoder, FrameError, fieldsOf, frameOf } from './wire/frame';
import { ANSWERS, REQUESTS } from './wire/message-ids';
import { SERVER_VERSION, speaksOurs } from './wire/server-version';
import { stamp } from './wire/times';

/** What a connection needs of the gateway it is a connection to. */
export interface Host {
  readonly venue: Venue;
  accounts(): ShownAccount[];
  /** A client says who it is; false when another is that already. */
  start(connection: Connection): boolean;
  /** Answers a request of a client that has started. */
  answer(connection: Connection, fields: readonly string[]): Promise<void> | void;
  ended(connection: Connection): void;
  onError(error: unknown): void;
}

const PREFIX = Buffer.from('API\0');
const GREETING_WAIT_MS = 10_000;
/** A client that reads slower than it is sent to is cut off. */
const SLOW_BYTES = 8 * 1024 * 1024;
/** Requests that may wait for their turn before no more are read. */
const MOST_WAITING = 200;

/** One client's socket: the greeting, then its requests one after another. */
export class Connection implements Session {
  readonly venue: Venue;
  readonly subscriptions = new Subscriptions();
  /** −1 until the client has said it. */
  clientId = -1;
  /** What lost connectivity will come back with; null while there is connectivity. */
  lost: 'data_maintained' | 'data_lost' | null = null;
  readonly #socket: Socket;
  readonly #host: Host;
  readonly #frames = new FrameDecoder();
  #state: 'prefix' | 'greeting' | 'greeted' | 'started' | 'ended' = 'prefix';
  #prefix: Buffer = Buffer.alloc(0);
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(socket: Socket, host: Host) {
    this.#socket = socket;
    this.#host = host;
    this.venue = host.venue;
  }

  /** Begins to read. */
  open(): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    const timer = setTimeout(() => {
      if (this.#state !== 'started') this.cut();
    }, GREETING_WAIT_MS);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => this.cut());
    socket.on('close', () => {
      clearTimeout(timer);
      this.#state = 'ended';
      this.#host.ended(this);
    });
  }

  accounts(): ShownAccount[] {
    return this.#host.accounts();
  }

  send(fields: readonly Field[]): void {
    if (this.#state === 'ended' || !this.#socket.writable) return;
    if (this.#socket.writableLength > SLOW_BYTES) return this.cut();
    this.#socket.write(frameOf(fields));
  }

  error(id: number, { code, text }: TwsError): void {
    // Clients of our version read \u escapes; the last field is for details of rejections.
    const ascii = text.replaceAll(
      /[^\n\x20-\x7e]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    this.send([ANSWERS.error, 2, id, code, ascii, '']);
  }

  /** Ends the connection at once, without a word. */
  cut(): void {
    this.#state = 'ended';
    this.#socket.destroy();
  }

  /** Ends it when what was written has left. */
  #finish(): void {
    this.#socket.end();
    this.#state = 'ended';
    setTimeout(() => this.#socket.destroy(), 1_000).unref();
  }

  #read(chunk: Buffer): void {
    try {
      for (const message of this.#frames.push(this.#state === 'prefix' ? this.#readPrefix(chunk) : chunk)) {
        this.#receive(message);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) this.#host.onError(error);
      this.cut();
    }
  }

  /** The first four bytes; answers what came behind them. */
  #readPrefix(chunk: Buffer): Buffer {
    const came = Buffer.concat([this.#prefix, chunk]);
    const start = came.subarray(0, PREFIX.length);
    if (!start.equals(PREFIX.subarray(0, start.length))) throw new FrameError('no greeting of this protocol');
    this.#prefix = start;
    if (start.length < PREFIX.length) return Buffer.alloc(0);
    this.#state = 'greeting';
    return came.subarray(PREFIX.length);
  }

  #receive(message: Buffer): void {
    if (this.#state === 'greeting') return this.#greet(message.toString('utf8'));
    this.#waiting += 1;
    if (this.#waiting > MOST_WAITING) this.#socket.pause();
    this.#work = this.#work
      .then(() => this.#answer(message))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#waiting -= 1;
        if (this.#waiting <= MOST_WAITING / 2) this.#socket.resume();
      });
  }

  #greet(greeting: string): void {
    if (!speaksOurs(greeting)) throw new FrameError('a range of versions without ours');
    this.#state = 'greeted';
    this.send([SERVER_VERSION, stamp(this.venue.clock.now())]);
  }

  async #answer(message: Buffer): Promise<void> {
    if (this.#state === 'ended') return;
    const fields = fieldsOf(message);
    if (this.#state === 'started') return this.#host.answer(this, fields);
    const [number, , clientId = ''] = fields;
    if (number !== String(REQUESTS.startApi) || !/^\d{1,9}$/.test(clientId)) {
      throw new FieldError('the first message must be startApi');
    }
    this.clientId = Number(clientId);
    this.#state = 'started';
    if (this.#host.start(this)) return;
    this.error(-1, ERRORS.clientIdInUse);
    this.#finish();
  }

  /** What cannot be read ends the connection: nothing says where the next message would mean what it says. */
  #fail(error: unknown): void {
    if (!(error instanceof FieldError || error instanceof FrameError)) this.#host.onError(error);
    if (this.#state === 'ended') return;
    this.error(-1, ERRORS.unreadable(error instanceof FieldError ? error.message : ''));
    this.#finish();
  }
}

/** Talks to a client from now on. */
export function openConnection(socket: Socket, host: Host): void {
  new Connection(socket, host).open();
}
