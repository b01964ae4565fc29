'use client';

import { useTranslations } from 'next-intl';
import { instrumentLines } from '@/domain/market/option-contract';
import type { Order } from '@/domain/order/order';
import { TwoLines } from '../../ui/layout/two-lines';
import { useOrderWords } from '../use-order-words';
import { useOpenStory } from './story-provider';

/** What an order trades as the way into an order's story; the whole row, which must be `relative`, is its target. */
export function StoryButton({ order }: { order: Order }) {
  const t = useTranslations('story');
  const say = useOrderWords();
  const open = useOpenStory();
  return (
    <button
      type="button"
      aria-label={t('open', { order: say(order) })}
      aria-haspopup="dialog"
      onClick={() => open(order)}
      className="cursor-pointer rounded text-left font-semibold after:absolute after:inset-0"
    >
      <TwoLines {...instrumentLines(order)} />
    </button>
  );
}
