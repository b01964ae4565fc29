'use client';

import { useQuery } from '@tanstack/react-query';
import {
  CircleUserRound,
  Gauge,
  ListOrdered,
  LogOut,
  Scale,
  ShieldCheck,
  WalletCards,
  Webhook,
} from 'lucide-react';
import { signOut } from 'next-auth/react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useTRPC } from '../trpc/client';
import { Button } from '../ui/form/button';
import { Menu, MenuGroup, MenuItem } from '../ui/overlay/menu';

export function UserMenu({ username }: { username: string }) {
  const t = useTranslations('account');
  const router = useRouter();
  const { data: me } = useQuery(useTRPC().auth.me.queryOptions(undefined, { staleTime: Infinity }));
  async function leave() {
    // A full load, so that nothing of this user stays in the tab's memory.
    // Not by next-auth's redirect: that leads to the one address it was configured with, whatever the
    // browser came by.
    await signOut({ redirect: false });
    window.location.assign('/sign-in');
  }
  return (
    <Menu
      trigger={
        <Button look="ghost" size="icon" aria-label={t('userMenu', { username })}>
          <CircleUserRound aria-hidden />
        </Button>
      }
    >
      <MenuGroup label={username}>
        <MenuItem onSelect={() => router.push('/accounts')}>
          <WalletCards aria-hidden />
          {t('accounts')}
        </MenuItem>
        <MenuItem onSelect={() => router.push('/security')}>
          <ShieldCheck aria-hidden />
          {t('security')}
        </MenuItem>
        <MenuItem onSelect={() => router.push('/limits')}>
          <Gauge aria-hidden />
          {t('limits')}
        </MenuItem>
        <MenuItem onSelect={() => router.push('/reconciliation')}>
          <Scale aria-hidden />
          {t('reconciliation')}
        </MenuItem>
        <MenuItem onSelect={() => router.push('/webhooks')}>
          <Webhook aria-hidden />
          {t('webhooks')}
        </MenuItem>
        {me?.permissions.includes('admin') === true && (
          <MenuItem onSelect={() => router.push('/queue')}>
            <ListOrdered aria-hidden />
            {t('queue')}
          </MenuItem>
        )}
        <MenuItem onSelect={() => void leave()}>
          <LogOut aria-hidden />
          {t('signOut')}
        </MenuItem>
      </MenuGroup>
    </Menu>
  );
}
