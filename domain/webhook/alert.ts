import { type JsonObject, own } from './json-object';

const ALERT_ID = /^[^\p{Cc}]{1,200}$/u;

/** An alert's identity as its sender gives it: a text or a whole number; null when it can be neither. */
export function alertIdOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  return typeof value === 'string' && ALERT_ID.test(value) ? value : null;
}

/** What an alert says, without what only proves and names it. */
export function contentOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'token' && name !== 'alert_id'));
}

/** The secret that stands in a body, for senders that cannot sign. */
export const tokenOf = (body: JsonObject): unknown => own(body, 'token');

export const SECRET_PREFIX = 'whsec_';
const SECRET = /whsec_[\w-]+/g;
const TOKEN_FIELD = /("token"\s*:\s*)"(?:[^"\\]|\\.)*"?/g;
const BLANK = '[blanked]';

/** Whether a secret stands where it has no business: what is kept or sent on must not carry one. */
export const holdsSecret = (text: string): boolean => text.search(SECRET) >= 0;

/** A text in which no secret of a hook stands any more, this one's or another's. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(SECRET, BLANK);
}

/** A body as it may be kept: its token blanked, cut at `most` characters. */
export function bodyToKeep(text: string, parsed: JsonObject | null, most: number): string {
  const blanked =
    parsed === null
      ? text.replaceAll(TOKEN_FIELD, `$1"${BLANK}"`)
      : JSON.stringify(parsed, (name, value: unknown) =>
          name === 'token' ? BLANK : typeof value === 'string' ? withoutSecrets(value) : value,
        );
  const safe = withoutSecrets(blanked);
  return safe.length > most ? `${safe.slice(0, most)}…` : safe;
}
