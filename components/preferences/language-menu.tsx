'use client';

import { Languages } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { LOCALE_COOKIE, LOCALES, type Locale } from '../i18n/locale';
import { Button } from '../ui/form/button';
import { Menu, MenuChoices } from '../ui/overlay/menu';
import { rememberFor } from './remember';

/** Each language in its own words, so that whoever is lost finds the way back. */
const NAMES: Record<Locale, string> = { en: 'English', zh: '中文' };

export function LanguageMenu() {
  const t = useTranslations('preferences');
  const locale = useLocale();
  const router = useRouter();
  function choose(next: Locale) {
    rememberFor(LOCALE_COOKIE, next);
    router.refresh();
  }
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={t('language')}>
          <Languages aria-hidden />
        </Button>
      }
    >
      <MenuChoices
        label={t('language')}
        value={locale}
        onValue={choose}
        choices={LOCALES.map((value) => ({ value, label: <span lang={value}>{NAMES[value]}</span> }))}
      />
    </Menu>
  );
}
