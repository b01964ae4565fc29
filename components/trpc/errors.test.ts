import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { faultOf, isSignedOut, mayPass } from './errors';

function answer(data: object) {
  return TRPCClientError.from({ error: { code: -32600, message: 'Not enough shares.', data } });
}

describe('faultOf', () => {
  it("keeps the server's words, the request id and the venue's code", () => {
    const fault = faultOf(answer({ code: 'order_rejected', requestId: 'r1', venueCode: '40310000' }));
    expect(fault).toEqual({
      code: 'order_rejected',
      message: 'Not enough shares.',
      requestId: 'r1',
      venueCode: '40310000',
      fields: [],
    });
  });

  it('is offline, without words, when no answer of the desk came', () => {
    expect(faultOf(TRPCClientError.from(new TypeError('Failed to fetch')))).toMatchObject({
      code: 'offline',
      message: null,
    });
    expect(faultOf('anything').code).toBe('offline');
  });
});

describe('mayPass', () => {
  it('holds for what passes by and not for what was refused', () => {
    expect(mayPass(faultOf(new Error('no answer')))).toBe(true);
    expect(mayPass(faultOf(answer({ code: 'broker_timeout' })))).toBe(true);
    expect(mayPass(faultOf(answer({ code: 'order_denied' })))).toBe(false);
    expect(mayPass(faultOf(answer({ code: 'order_rejected' })))).toBe(false);
  });
});

describe('isSignedOut', () => {
  it('is about the session alone', () => {
    expect(isSignedOut(answer({ code: 'unauthenticated' }))).toBe(true);
    expect(isSignedOut(answer({ code: 'forbidden' }))).toBe(false);
  });
});
