'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Banner } from '../ui/layout/banner';

/** Says that a second factor comes first, and leads to where it is set up. */
export function NeedsFactor() {
  const t = useTranslations('accounts');
  return (
    <Banner
      tone="doubt"
      className="rounded-md"
      action={
        <Link href="/security" className="flex min-h-6 items-center font-semibold underline max-md:min-h-11">
          {t('toSecurity')}
        </Link>
      }
    >
      {t('needsFactor')}
    </Banner>
  );
}
