'use client';

import { Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { Button } from '../ui/form/button';
import { Menu, MenuChoices, MenuSeparator } from '../ui/overlay/menu';
import { PALETTES, usePalette } from './palette';

const THEMES = ['light', 'dark', 'system'] as const;
type Theme = (typeof THEMES)[number];

/** Light, dark or as the system says, and which colours mean up and down. */
export function ThemeMenu() {
  const t = useTranslations('preferences');
  const { theme, setTheme } = useTheme();
  const [palette, setPalette] = usePalette();
  const current = THEMES.find((one): one is Theme => one === theme);
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={t('look')}>
          {/* Both stand in the page; the theme shows one, so that nothing changes on hydration. */}
          <Sun className="dark:hidden" aria-hidden />
          <Moon className="hidden dark:block" aria-hidden />
        </Button>
      }
    >
      <MenuChoices
        label={t('theme')}
        value={current}
        onValue={setTheme}
        choices={THEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
      />
      <MenuSeparator />
      <MenuChoices
        label={t('palette')}
        value={palette}
        onValue={setPalette}
        choices={PALETTES.map((value) => ({ value, label: t(`palettes.${value}`) }))}
      />
    </Menu>
  );
}
