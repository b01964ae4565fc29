import { request } from 'node:http';

export type Headers = Readonly<Record<string, string>>;

/** An answer as it came; `json` is null when the body is not a JSON object. */
export type Reply = {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  json: Record<string, unknown>;
};

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}

/**
 * Sends one request with nothing added or mended: the target goes out as it is written, the body byte for
 * byte, and only the given headers beside Host and the body's length.
 */
export function send(
  base: string,
  method: string,
  target: string,
  options: { headers?: Headers; body?: string | Buffer } = {},
): Promise<Reply> {
  const { hostname, port } = new URL(base);
  const body = options.body === undefined ? undefined : Buffer.from(options.body);
  const hasLength = body !== undefined && options.headers?.['transfer-encoding'] === undefined;
  const headers = { ...options.headers, ...(hasLength ? { 'content-length': body.length } : {}) };
  return new Promise((resolve, reject) => {
    const call = request(
      { hostname, port, method, path: target, headers, agent: false, setHost: true },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text, json: objectOf(text) });
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** Sends a JSON body, or none. */
export function sendJson(
  base: string,
  method: string,
  target: string,
  body?: unknown,
  headers: Headers = {},
): Promise<Reply> {
  return body === undefined
    ? send(base, method, target, { headers })
    : send(base, method, target, {
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
}
