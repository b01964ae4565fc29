'use client';

import { ChevronDown, Settings2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { KindBadge } from '../trpc/accounts/kind-badge';
import { useAccountScope } from '../trpc/accounts/scope';
import { useAccounts, useShownAccount } from '../trpc/accounts/use-accounts';
import { Skeleton } from '../ui/layout/skeleton';
import { Menu, MenuChoices, MenuItem, MenuSeparator } from '../ui/overlay/menu';

/** Which account the page is about and whether it moves real money, on every screen; and the way to another one. */
export function AccountPicker() {
  const t = useTranslations('account');
  const router = useRouter();
  const { accountId, choose } = useAccountScope();
  const accounts = useAccounts().data?.connections;
  const shown = useShownAccount();
  if (accounts === undefined || shown === undefined) return <Skeleton className="h-5 w-20" />;
  return (
    <Menu
      trigger={
        <button
          type="button"
          data-account={shown.kind}
          aria-label={t('picker', { name: shown.name, kind: t(`kind.${shown.kind}`) })}
          title={t(`kindNote.${shown.kind}`)}
          className="flex min-h-8 min-w-0 items-center gap-1.5 rounded px-1 hover:bg-raised max-md:min-h-11"
        >
          <KindBadge kind={shown.kind} />
          <span className="max-w-40 truncate text-table font-medium max-lg:hidden">{shown.name}</span>
          <ChevronDown className="size-3.5 shrink-0 text-muted max-sm:hidden" aria-hidden />
        </button>
      }
    >
      <MenuChoices
        label={t('pick')}
        value={accountId ?? undefined}
        onValue={choose}
        choices={accounts.map(({ id, name, kind }) => ({
          value: id,
          label: (
            <>
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <KindBadge kind={kind} />
            </>
          ),
        }))}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => router.push('/accounts')}>
        <Settings2 aria-hidden />
        {t('manage')}
      </MenuItem>
    </Menu>
  );
}
