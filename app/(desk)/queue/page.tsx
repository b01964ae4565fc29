import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { QueueView } from '@/components/queue/queue-view';
import { currentUser } from '@/server/routers/caller';
import { SidePage } from '../side-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('queue');
  return { title: t('title') };
}

export default async function QueuePage() {
  const user = await currentUser();
  if (user === null) redirect('/sign-in');
  const t = await getTranslations('queue');
  return (
    <SidePage title={t('title')} text={t('text')} username={user.username}>
      <QueueView />
    </SidePage>
  );
}
