import { Buffer } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';

/** Bytes that may wait in a socket before its reader counts as too slow. */
export const SLOW_BYTES = 4 * 1024 * 1024;

/** The bytes of a message, however the socket library hands them over. */
export function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

/** Parses JSON from a client; `undefined` when it is none. */
export function parseJson(data: RawData): unknown {
  try {
    return JSON.parse(bytesOf(data).toString('utf8'));
  } catch {
    return undefined;
  }
}

export const isOpen = (socket: WebSocket): boolean => socket.readyState === socket.OPEN;
