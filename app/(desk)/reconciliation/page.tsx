import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { ReconciliationView } from '@/components/books/reconciliation-view';
import { currentUser } from '@/server/routers/caller';
import { SidePage } from '../side-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('reconciliation');
  return { title: t('title') };
}

export default async function ReconciliationPage() {
  const user = await currentUser();
  if (user === null) redirect('/sign-in');
  const t = await getTranslations('reconciliation');
  return (
    <SidePage title={t('title')} text={t('text')} username={user.username}>
      <ReconciliationView />
    </SidePage>
  );
}
