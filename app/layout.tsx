import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale, getTranslations } from 'next-intl/server';
import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';
import { isPalette, PALETTE_COOKIE } from '@/components/preferences/palette-cookie';
import { Toaster } from '@/components/ui/overlay/toaster';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('app');
  return {
    title: { default: 'Outcry', template: '%s · Outcry' },
    description: t('description'),
    applicationName: 'Outcry',
  };
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#faf8f4' },
    { media: '(prefers-color-scheme: dark)', color: '#15181b' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale();
  const t = await getTranslations('toasts');
  // The front door allows inline scripts by this nonce only; the theme is set by one before the first paint.
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  const chosen = (await cookies()).get(PALETTE_COOKIE)?.value;
  return (
    <html lang={locale} data-palette={isPalette(chosen) ? chosen : 'green-red'} suppressHydrationWarning>
      <body>
        <ThemeProvider
          attribute="data-theme"
          defaultTheme="system"
          disableTransitionOnChange
          {...(nonce === undefined ? {} : { nonce })}
        >
          <NextIntlClientProvider>
            {children}
            <Toaster label={t('region')} closeLabel={t('close')} />
          </NextIntlClientProvider>
        </ThemeProvider>
      </body>
    </html>
  );
}
