import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { SecurityView } from '@/components/account/security/security-view';
import { currentUser } from '@/server/routers/caller';
import { SidePage } from '../side-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('security');
  return { title: t('title') };
}

export default async function SecurityPage() {
  const user = await currentUser();
  if (user === null) redirect('/sign-in');
  const t = await getTranslations('security');
  return (
    <SidePage title={t('title')} text={t('text')} username={user.username}>
      <SecurityView />
    </SidePage>
  );
}
