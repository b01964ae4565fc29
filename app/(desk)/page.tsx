import { redirect } from 'next/navigation';
import { currentUser } from '@/server/routers/caller';
import { Desk } from './desk';

export default async function DeskPage() {
  // A page asks for itself: the layout above is not run again for every visit.
  const user = await currentUser();
  if (user === null) redirect('/sign-in');
  return <Desk username={user.username} />;
}
