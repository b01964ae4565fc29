import type { Reply } from '../http/call';
import { REFUSALS, Refusal } from '../orders/refusals';
import type { FaultOf } from './fault';

const PHRASES: Readonly<Record<number, string>> = {
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** A gateway's page, as the real service's proxies answer: no JSON. */
const page = (status: number): string => {
  const title = `${status} ${PHRASES[status] ?? 'Error'}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
};

/** What a fault makes of an answer; before acceptance there is none yet. */
export function spoil(fault: FaultOf<'http'>, answer: Reply | null): Reply {
  if (fault.action !== 'status') {
    const body = answer?.body ?? { code: 50010000, message: 'internal server error occurred' };
    return { status: answer?.status ?? 200, body, wire: fault.action };
  }
  const retry = fault.retry_after;
  const headers: Record<string, string> = retry === undefined ? {} : { 'Retry-After': String(retry) };
  if (fault.status === 401) {
    return { status: 401, headers, body: REFUSALS.unauthorized().body() };
  }
  if (fault.status === 429) {
    return { status: 429, headers, body: new Refusal(429, 42910000, 'rate limit exceeded').body() };
  }
  if (fault.status === 500) {
    return {
      status: 500,
      headers,
      body: new Refusal(500, 50010000, 'internal server error occurred').body(),
    };
  }
  return {
    status: fault.status,
    headers: { ...headers, 'Content-Type': 'text/html' },
    body: page(fault.status),
  };
}
