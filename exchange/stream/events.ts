import { encode, encodeTimeSpecToTimestamp, ExtensionCodec } from '@msgpack/msgpack';
import { nanoTime, secondTime } from '../http/data/wire';

/** An instant that is text in JSON and extension −1 in MsgPack, as Alpaca's data streams have it. */
export class StreamTime {
  readonly at: number;
  readonly precise: boolean;

  constructor(at: number, precise: boolean) {
    this.at = at;
    this.precise = precise;
  }

  toJSON(): string {
    return this.precise ? nanoTime(this.at) : secondTime(this.at);
  }

  toBytes(): Uint8Array {
    const whole = Math.floor(this.at);
    const millis = ((whole % 1000) + 1000) % 1000;
    const rest = this.precise ? Math.floor((this.at - whole) * 1_000_000) : 0;
    const nsec = Math.min(999_999_999, millis * 1_000_000 + rest);
    return encodeTimeSpecToTimestamp({ sec: Math.floor(whole / 1000), nsec });
  }
}

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: -1,
  encode: (value) => (value instanceof StreamTime ? value.toBytes() : null),
  decode: (bytes) => bytes,
});

export type Codec = 'json' | 'msgpack';

/** One message of a data stream, serialised at most once for each codec, however many listen. */
export class StreamEvent {
  readonly #value: Readonly<Record<string, unknown>>;
  #json: string | undefined;
  #packed: Uint8Array | undefined;

  constructor(value: Readonly<Record<string, unknown>>) {
    this.#value = value;
  }

  json(): string {
    this.#json ??= JSON.stringify(this.#value);
    return this.#json;
  }

  packed(): Uint8Array {
    this.#packed ??= encode(this.#value, { extensionCodec });
    return this.#packed;
  }
}

const MOST_IN_FRAME = 10_000;

/** What a beat has for all clients that asked for the same, framed at most once for each codec. */
export class Batch {
  readonly #events: StreamEvent[] = [];
  readonly #frames = new Map<Codec, readonly Buffer[]>();

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  add(events: readonly StreamEvent[]): void {
    for (const event of events) this.#events.push(event);
  }

  /** The bytes of each frame, in order. Nothing may be added any more. */
  frames(codec: Codec): readonly Buffer[] {
    let made = this.#frames.get(codec);
    if (made === undefined) {
      const parts: Buffer[] = [];
      for (let i = 0; i < this.#events.length; i += MOST_IN_FRAME) {
        parts.push(Buffer.from(frameOf(this.#events.slice(i, i + MOST_IN_FRAME), codec)));
      }
      made = parts;
      this.#frames.set(codec, made);
    }
    return made;
  }
}

/** The frame of several messages: a JSON array as text, or a MsgPack array as bytes. */
export function frameOf(events: readonly StreamEvent[], codec: Codec): string | Uint8Array {
  if (codec === 'json') return `[${events.map((event) => event.json()).join(',')}]`;
  const count = events.length;
  const head =
    count < 16 ? Uint8Array.of(0x90 | count) : Uint8Array.of(0xdc, (count >> 8) & 0xff, count & 0xff);
  return Buffer.concat([head, ...events.map((event) => event.packed())]);
}
