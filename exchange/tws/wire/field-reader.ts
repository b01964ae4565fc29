/** A request that cannot be read: a field is missing, or is not what stands at its place. */
export class FieldError extends Error {}

const INT = /^-?\d{1,15}$/;
/** How IB's clients write "not set" (the largest int and the largest double). */
const UNSET = new Set([
  '',
  '2147483647',
  '9223372036854775807',
  '1.7976931348623157E308',
  '1.7976931348623157e+308',
]);

/** Reads the fields of a request, one after another. */
export class FieldReader {
  readonly #fields: readonly string[];
  #at = 0;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#fields.length;
  }

  text(): string {
    const field = this.#fields[this.#at];
    if (field === undefined) throw new FieldError(`field ${this.#at} is missing`);
    this.#at += 1;
    return field;
  }

  /** Passes over fields that mean nothing here. */
  skip(count: number): void {
    for (let i = 0; i < count; i += 1) this.text();
  }

  /** A whole number; 0 when empty. */
  int(): number {
    const text = this.text();
    if (text === '') return 0;
    if (!INT.test(text)) throw new FieldError(`"${text.slice(0, 40)}" is no whole number`);
    return Number(text);
  }

  flag(): boolean {
    return this.int() !== 0;
  }

  /** A decimal as it was written; null when it is not set. */
  decimal(): string | null {
    const text = this.text();
    if (UNSET.has(text)) return null;
    if (!Number.isFinite(Number(text))) throw new FieldError(`"${text.slice(0, 40)}" is no number`);
    return text;
  }
}
