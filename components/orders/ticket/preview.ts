import type { SubmitOrderInput } from '@/domain/order/submit-order';

/** An order as shown for confirmation, with the one key it will be sent under however often. */
export type Preview = Readonly<{ order: Readonly<SubmitOrderInput & { idempotencyKey: string }> }>;

/** 128 random bits in hex. `randomUUID` is missing on plain http, where a desk may be reached in a LAN. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

export function openPreview(order: SubmitOrderInput): Preview {
  return Object.freeze({ order: Object.freeze({ ...order, idempotencyKey: newKey() }) });
}
