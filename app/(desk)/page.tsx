import { redirect } from 'next/navigation';
import { currentUser } from '@/server/routers/caller';
import { DeskProvider } from '@/components/trpc/provider';
import { Desk } from './desk';

export default async function DeskPage() {
  const user = await currentUser();
  if (user === null) redirect('/sign-in');
  return (
    <DeskProvider>
      <Desk username={user.username} />
    </DeskProvider>
  );
}
