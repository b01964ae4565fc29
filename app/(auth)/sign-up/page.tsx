import type { Metadata } from 'next';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { SignUp } from './sign-up';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  return { title: t('signUp.title') };
}

export default async function SignUpPage() {
  const t = await getTranslations('auth');
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">{t('signUp.title')}</h1>
      <p className="mt-1 mb-6 text-muted">{t('signUp.text')}</p>
      <SignUp />
      <p className="mt-6 text-table text-muted">
        {t('signUp.other')}{' '}
        <Link href="/sign-in" className="font-medium text-accent underline underline-offset-2">
          {t('signUp.otherLink')}
        </Link>
      </p>
    </>
  );
}
