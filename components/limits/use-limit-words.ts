import { useTranslations } from 'next-intl';
import type { RiskProfile } from '@/domain/risk/profile';
import { useNumbers } from '../ui/number/use-numbers';

const MONEY: ReadonlySet<string> = new Set([
  'maxOrderNotional',
  'maxPositionNotional',
  'maxGrossExposure',
  'maxDailyLoss',
]);

/** How a limit is said in a sentence or a table. */
export function useLimitWords() {
  const t = useTranslations('limits');
  const numbers = useNumbers();

  function value(name: keyof RiskProfile, limit: RiskProfile[keyof RiskProfile]): string {
    if (limit === null) return t('none');
    if (typeof limit === 'boolean') return limit ? t('on') : t('off');
    if (limit === 'block' || limit === 'warn') return t(`drift.${limit}`);
    if (typeof limit === 'object')
      return limit
        .map((each) =>
          each === 'us_equity' || each === 'us_option' || each === 'crypto' ? t(`classes.${each}`) : each,
        )
        .join(', ');
    if (MONEY.has(name)) return numbers.money(String(limit));
    if (name === 'priceCollarPercent') return `${limit} %`;
    if (name.endsWith('Seconds')) return `${limit} s`;
    return numbers.qty(String(limit));
  }

  return { value };
}
