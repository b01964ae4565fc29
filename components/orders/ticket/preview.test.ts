import { describe, expect, it } from 'vitest';
import { submitOrderInput } from '@/domain/order/submit-order';
import { openPreview } from './preview';

const order = submitOrderInput.parse({ symbol: 'AAPL', side: 'buy', qty: '10' });

describe('openPreview', () => {
  it('gives one key to a preview, so that sending it twice makes one order', () => {
    const preview = openPreview(order);
    expect(preview.order.idempotencyKey).toBe(preview.order.idempotencyKey);
    expect(Object.isFrozen(preview.order)).toBe(true);
    expect(submitOrderInput.safeParse(preview.order).success).toBe(true);
  });

  it('gives each preview its own key, so that the same order can be placed again on purpose', () => {
    expect(openPreview(order).order.idempotencyKey).not.toBe(openPreview(order).order.idempotencyKey);
  });
});
