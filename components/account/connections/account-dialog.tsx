'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Connection } from '@/domain/account/connection';
import { Dialog } from '../../ui/overlay/dialog';

/** Of every dialog about an account: open while there is one. */
export type AboutAccount = { account: Connection | null; onClose: () => void };

type Props = AboutAccount & {
  title: (name: string) => string;
  description?: string;
  children: (account: Connection) => ReactNode;
};

/** What a dialog about one account has around its form, which begins anew each time it opens. */
export function AccountDialog({ account, onClose, title, description, children }: Props) {
  const t = useTranslations('accounts');
  return (
    <Dialog
      open={account !== null}
      onOpen={(open) => {
        if (!open) onClose();
      }}
      title={title(account?.name ?? '')}
      {...(description === undefined ? {} : { description })}
      closeLabel={t('close')}
    >
      {account !== null && children(account)}
    </Dialog>
  );
}
