import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { LimitsView } from '@/components/limits/limits-view';
import { currentUser } from '@/server/routers/caller';
import { SidePage } from '../side-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('limits');
  return { title: t('title') };
}

export default async function LimitsPage() {
  const user = await currentUser();
  if (user === null) redirect('/sign-in');
  const t = await getTranslations('limits');
  return (
    <SidePage title={t('title')} text={t('text')} username={user.username}>
      <LimitsView />
    </SidePage>
  );
}
