import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { ConnectionsView } from '@/components/account/connections/connections-view';
import { currentUser } from '@/server/routers/caller';
import { SidePage } from '../side-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accounts');
  return { title: t('title') };
}

export default async function AccountsPage() {
  const user = await currentUser();
  if (user === null) redirect('/sign-in');
  const t = await getTranslations('accounts');
  return (
    <SidePage title={t('title')} text={t('text')} username={user.username}>
      <ConnectionsView />
    </SidePage>
  );
}
