'use client';

import { useTranslations } from 'next-intl';
import { useShownAccount } from '../trpc/accounts/use-accounts';
import { Banner } from '../ui/layout/banner';

/** Says in every confirmation that real money moves, and of which account; nothing for other accounts. */
export function RealMoney() {
  const t = useTranslations('orders');
  const shown = useShownAccount();
  if (shown === undefined || shown.live === null) return null;
  return (
    <div data-real-money>
      <Banner tone="harm" className="rounded-md border border-harm font-semibold">
        {t('realMoney', { name: shown.name, number: shown.live.accountNumber })}
      </Banner>
    </div>
  );
}
