'use client';

import { AccountPicker } from '@/components/account/account-picker';
import { ConnectionState } from '@/components/connection/connection-state';
import { SessionClock } from '@/components/market/session-clock';
import { KillSwitch } from '@/components/orders/sweep/kill-switch';
import { LogoMark } from '@/components/ui/brand/logo';
import { HeaderMenus } from './header-menus';

type Props = { username: string; onKill: () => void };

export function DeskHeader({ username, onKill }: Props) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 border-b border-line bg-surface pr-1 pl-3 max-md:gap-1 max-md:pr-0 max-md:pl-2">
      <h1 className="flex items-center gap-2 font-semibold tracking-tight">
        <LogoMark className="text-accent" />
        <span className="max-sm:sr-only">Outcry</span>
      </h1>
      <AccountPicker />
      <div className="ml-auto flex items-center gap-4 max-md:gap-1.5">
        <SessionClock />
        <ConnectionState />
        <KillSwitch onPress={onKill} />
      </div>
      <HeaderMenus username={username} />
    </header>
  );
}
