'use client';

import { useTranslations } from 'next-intl';
import type { Obstacle } from '../draft/availability';
import type { FieldFault } from '../draft/field-faults';

/** Puts faults and obstacles into words. */
export function useFaultWords() {
  const t = useTranslations('ticket');
  return {
    fault: (fault: FieldFault | undefined): string | undefined => {
      if (fault === undefined) return undefined;
      if (fault.key === 'priceDecimals') return t('faults.priceDecimals', { decimals: fault.decimals });
      return t(`faults.${fault.key}`);
    },
    obstacle: (what: 'type' | 'time' | 'dollars' | 'exits' | 'extended', obstacle: Obstacle | null) =>
      obstacle === null ? undefined : t(`unavailable.${what}`, { obstacle }),
  };
}
