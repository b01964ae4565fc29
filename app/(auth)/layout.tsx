import { redirect } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LanguageMenu } from '@/components/preferences/language-menu';
import { ThemeMenu } from '@/components/preferences/theme-menu';
import { QueryProvider } from '@/components/trpc/provider';
import { Logo } from '@/components/ui/brand/logo';
import { currentUser } from '@/server/routers/caller';

export default async function AuthLayout({ children }: { children: ReactNode }) {
  if ((await currentUser()) !== null) redirect('/');
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-14 items-center justify-between px-4">
        <Logo />
        <div className="flex">
          <LanguageMenu />
          <ThemeMenu />
        </div>
      </header>
      <main className="flex flex-1 items-start justify-center px-4 pt-[8vh] pb-8">
        <div className="w-full max-w-sm">
          <QueryProvider>{children}</QueryProvider>
        </div>
      </main>
      <Disclaimer />
    </div>
  );
}

function Disclaimer() {
  const t = useTranslations('app');
  return <footer className="px-4 pb-4 text-center text-label text-muted">{t('disclaimer')}</footer>;
}
