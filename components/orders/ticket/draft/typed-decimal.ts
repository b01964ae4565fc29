import { exact } from '@/domain/money';

const NUMBER = /^\d{0,15}(\.\d{0,12})?$/;

/** What was typed as a plain decimal, or null; a thousands comma and a trailing point are forgiven. */
export function typedDecimal(text: string): string | null {
  const bare = text.trim().replaceAll(',', '');
  if (!/\d/.test(bare) || !NUMBER.test(bare)) return null;
  return exact(bare.replace(/\.$/, '')).toFixed();
}
