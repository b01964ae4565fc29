'use client';

import { OctagonX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '../../ui/form/button';

/** The way out of everything, on every screen: opens the counted confirmation. */
export function KillSwitch({ onPress }: { onPress: () => void }) {
  const t = useTranslations('sweep');
  return (
    <Button
      look="danger"
      size="small"
      className="max-md:size-9 max-md:px-0"
      aria-haspopup="dialog"
      aria-label={t('killSwitch')}
      title={t('killSwitchNote')}
      onClick={onPress}
    >
      <OctagonX aria-hidden />
      <span className="max-lg:hidden">{t('killSwitch')}</span>
    </Button>
  );
}
