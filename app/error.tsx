'use client';

import { useTranslations } from 'next-intl';
import { LogoMark } from '@/components/ui/brand/logo';
import { Button } from '@/components/ui/form/button';

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function ErrorPage({ error, reset }: Props) {
  const t = useTranslations('errorPage');
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center gap-2 p-6 text-center">
      <LogoMark className="size-10 text-harm" />
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-96 text-muted">{t('text')}</p>
      {error.digest !== undefined && (
        <p className="text-label text-muted">{t('digest', { id: error.digest })}</p>
      )}
      <Button look="primary" className="mt-2" onClick={reset}>
        {t('retry')}
      </Button>
    </main>
  );
}
