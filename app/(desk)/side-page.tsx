'use client';

import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { AccountPicker } from '@/components/account/account-picker';
import { LiveBanner } from '@/components/account/live-banner';
import { ConnectionState } from '@/components/connection/connection-state';
import { HeaderMenus } from './header-menus';

type Props = { title: string; text: string; username: string; children: ReactNode };

/** A page beside the desk: a way back, a heading, and what it is about. */
export function SidePage({ title, text, username, children }: Props) {
  const t = useTranslations('nav');
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line bg-surface pr-1 pl-3 max-md:gap-1 max-md:pl-1">
        <Link
          href="/"
          className="flex min-h-11 items-center gap-1.5 rounded px-1 text-table font-medium hover:text-ink"
        >
          <ArrowLeft className="size-4" aria-hidden />
          {t('desk')}
        </Link>
        <AccountPicker />
        <div className="ml-auto mr-3">
          <ConnectionState />
        </div>
        <HeaderMenus username={username} />
      </header>
      <LiveBanner />
      <main className="mx-auto grid w-full max-w-5xl gap-5 px-4 py-6 max-md:px-3 max-md:py-4">
        <div className="grid gap-1">
          <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
          <p className="max-w-2xl text-table text-muted">{text}</p>
        </div>
        {children}
      </main>
    </div>
  );
}
