import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { LogoMark } from '@/components/ui/brand/logo';
import { Button } from '@/components/ui/form/button';

export default async function NotFound() {
  const t = await getTranslations('notFound');
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center gap-2 p-6 text-center">
      <LogoMark className="size-10 text-accent" />
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-80 text-muted">{t('text')}</p>
      <Button asChild look="primary" className="mt-2">
        <Link href="/">{t('back')}</Link>
      </Button>
    </main>
  );
}
