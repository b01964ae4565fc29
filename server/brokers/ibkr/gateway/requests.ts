import type { IBApi } from '@stoqey/ib';
import { DeskError } from '@/domain/errors';

/** A request that waits for its answer. */
export type Asking<Answer> = {
  api: IBApi;
  reqId: number;
  done: (answer: Answer) => void;
  fail: (error: DeskError) => void;
  /** Runs when the request is over, however it ended. */
  after: (undo: () => void) => void;
};

export type Begin<Answer> = (asking: Asking<Answer>) => void;

export type Requests = {
  newId(): number;
  ask<Answer>(api: IBApi, what: string, begin: Begin<Answer>, limitMs?: number): Promise<Answer>;
  /** An error of the gateway about the request of this number. */
  fail(reqId: number, code: number, message: string): void;
  /** The connection is gone, or IB behind it: no answer to come is worth anything. */
  failAll(reason: string): void;
};

const LIMIT_MS = 10_000;
/** Requests and orders share one space of numbers in the gateway's errors: orders count up from 1. */
const FIRST_REQUEST = 1_500_000_000;

/** Told with a request's number and still no failure of it: delayed prices instead of live ones, and the like. */
const HARMLESS = new Set([10_090, 10_167, 10_197, 2_119, 2_150, 2_176]);

export const notConnected = (reason: string): DeskError =>
  new DeskError('broker_timeout', `The gateway of Interactive Brokers is not connected: ${reason}.`);

export function createRequests(): Requests {
  const waiting = new Map<number, (error: DeskError) => void>();
  let nextId = FIRST_REQUEST;
  function newId(): number {
    nextId += 1;
    return nextId;
  }

  return {
    newId,
    ask: (api, what, begin, limitMs = LIMIT_MS) =>
      new Promise((resolve, reject) => {
        const reqId = newId();
        const undos: (() => void)[] = [];
        const timer = setTimeout(
          () => fail(new DeskError('broker_timeout', `Interactive Brokers did not tell ${what} in time.`)),
          limitMs,
        );
        function settle(): boolean {
          if (!waiting.delete(reqId)) return false;
          clearTimeout(timer);
          for (const undo of undos) undo();
          return true;
        }
        function fail(error: DeskError): void {
          if (settle()) reject(error);
        }
        waiting.set(reqId, fail);
        begin({
          api,
          reqId,
          done: (answer) => {
            if (settle()) resolve(answer);
          },
          fail,
          after: (undo) => undos.push(undo),
        });
      }),
    fail(reqId, code, message) {
      if (HARMLESS.has(code)) return;
      const venueCode = String(code);
      // 200: no such contract. It is an answer: there is none.
      const kind = code === 200 ? 'not_found' : 'broker_error';
      waiting.get(reqId)?.(new DeskError(kind, `Interactive Brokers: ${message}`, { venueCode }));
    },
    failAll(reason) {
      for (const fail of waiting.values()) fail(notConnected(reason));
    },
  };
}

/**
 * Runs a request whose answer carries no number: one at a time, and everybody who asks while it runs shares the
 * next one, so that no answer is older than its question.
 */
export function oneAtATime<Answer>(run: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | null = null;
  let next: Promise<Answer> | null = null;
  function start(): Promise<Answer> {
    const started = run();
    running = started;
    const over = () => {
      if (running === started) running = null;
    };
    started.then(over, over);
    return started;
  }
  return () => {
    if (running === null) return start();
    next ??= running.then(again, again);
    return next;
  };
  function again(): Promise<Answer> {
    next = null;
    return start();
  }
}
