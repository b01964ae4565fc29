/** Longest message taken from a client. IB's own limit is 16 MB; an order with everything in it has some hundred bytes. */
export const MOST_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;

/** What came is no message of the protocol: the connection cannot go on. */
export class FrameError extends Error {}

/** Cuts a stream of bytes into messages: four bytes of length, most significant first, then the message. */
export class FrameDecoder {
  #kept: Buffer = Buffer.alloc(0);

  /** The whole messages that have come with this piece. Throws a `FrameError` for a length that cannot be. */
  push(chunk: Buffer): Buffer[] {
    let rest: Buffer = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const messages: Buffer[] = [];
    while (rest.length >= LENGTH_BYTES) {
      const length = rest.readUInt32BE(0);
      if (length === 0 || length > MOST_BYTES) throw new FrameError(`a message of ${length} bytes`);
      if (rest.length < LENGTH_BYTES + length) break;
      messages.push(rest.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
      rest = rest.subarray(LENGTH_BYTES + length);
    }
    this.#kept = Buffer.from(rest);
    return messages;
  }
}

/** The fields of a message: each is text that a NUL ends. Throws a `FrameError` where the last one has none. */
export function fieldsOf(message: Buffer): string[] {
  const text = message.toString('utf8');
  if (!text.endsWith('\0')) throw new FrameError('a message whose last field has no end');
  return text.slice(0, -1).split('\0');
}

/** What a field may be made of: nothing is an empty field, yes and no are 1 and 0. */
export type Field = string | number | bigint | boolean | null;

const textOf = (field: Field): string => {
  if (field === null) return '';
  if (typeof field === 'boolean') return field ? '1' : '0';
  return String(field).replaceAll('\0', '');
};

/** A message on its way to a client. */
export function frameOf(fields: readonly Field[]): Buffer {
  const body = Buffer.from(fields.map((field) => `${textOf(field)}\0`).join(''));
  const head = Buffer.alloc(LENGTH_BYTES);
  head.writeUInt32BE(body.length, 0);
  return Buffer.concat([head, body]);
}
