import type { Metadata } from 'next';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { SignIn } from './sign-in';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  return { title: t('signIn.title') };
}

export default async function SignInPage() {
  const t = await getTranslations('auth');
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">{t('signIn.title')}</h1>
      <p className="mt-1 mb-6 text-muted">{t('signIn.text')}</p>
      <SignIn />
      <p className="mt-6 text-table text-muted">
        {t('signIn.other')}{' '}
        <Link href="/sign-up" className="font-medium text-accent underline underline-offset-2">
          {t('signIn.otherLink')}
        </Link>
      </p>
    </>
  );
}
