'use client';

import { Clock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ageOf } from '../trpc/stream/age-text';
import type { Freshness } from '../trpc/stream/hooks';
import { NOTHING } from '../ui/number/use-numbers';

/** How old a quote is; when it is too old, in amber with a sign and a word for screen readers. */
export function QuoteAge({ freshness }: { freshness: Freshness }) {
  const t = useTranslations('quotes');
  const { ageMs, stale } = freshness;
  const age = ageMs === null ? null : ageOf(ageMs);
  const text = age === null ? NOTHING : t(`age.${age.unit}`, { count: age.count });
  return (
    <span
      className={`inline-flex items-center justify-end gap-0.5 text-label tabular-nums ${stale ? 'text-doubt' : 'text-muted'}`}
      title={stale ? t('staleNote') : t('ageNote')}
    >
      {stale && <Clock className="size-3" aria-hidden />}
      {stale && <span className="sr-only">{t('stale')} </span>}
      {text}
    </span>
  );
}
