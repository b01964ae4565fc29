import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { WebhooksView } from '@/components/webhooks/webhooks-view';
import { currentUser } from '@/server/routers/caller';
import { SidePage } from '../side-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('webhooks');
  return { title: t('title') };
}

export default async function WebhooksPage() {
  const user = await currentUser();
  if (user === null) redirect('/sign-in');
  const t = await getTranslations('webhooks');
  return (
    <SidePage title={t('title')} text={t('text')} username={user.username}>
      <WebhooksView />
    </SidePage>
  );
}
