'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useAccount, useLiveEquity } from '../trpc/portfolio/use-portfolio';
import { isTrusted } from '../trpc/stream/connection';
import { useConnection } from '../trpc/stream/hooks';
import { Skeleton } from '../ui/layout/skeleton';
import { Change } from '../ui/number/change';
import { PriceCell } from '../ui/number/price-cell';
import { useNumbers } from '../ui/number/use-numbers';

function Item({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex shrink-0 items-baseline gap-2 max-md:grid max-md:gap-0">
      <dt className="text-label text-muted">{label}</dt>
      <dd className="min-w-20 text-sm font-medium">{children}</dd>
    </div>
  );
}

/** Equity, the day's P&L, cash and buying power; the first two move with the market. */
export function AccountLine() {
  const t = useTranslations('account');
  const numbers = useNumbers();
  const account = useAccount().data;
  const live = useLiveEquity();
  const dim = !isTrusted(useConnection());
  const waiting = <Skeleton className="my-0.5 h-4 w-20" />;
  return (
    <section aria-label={t('title')} className="border-b border-line bg-surface">
      <dl className="flex min-h-9 items-center gap-x-6 overflow-x-auto px-3 max-md:grid max-md:grid-cols-2 max-md:gap-x-3 max-md:gap-y-1 max-md:py-1.5">
        <Item label={t('equity')}>
          {live === null ? (
            waiting
          ) : (
            <PriceCell value={live.equity} text={numbers.money(live.equity)} dim={dim} />
          )}
        </Item>
        <Item label={t('dayPl')}>
          {live === null ? (
            waiting
          ) : (
            <Change
              value={live.dayPl}
              dim={dim}
              text={`${numbers.signedMoney(live.dayPl)} (${numbers.signedPercent(live.dayPlPercent)})`}
            />
          )}
        </Item>
        <Item label={t('cash')}>{account === undefined ? waiting : numbers.money(account.cash)}</Item>
        <Item label={t('buyingPower')}>
          {account === undefined ? waiting : numbers.money(account.buyingPower)}
        </Item>
      </dl>
    </section>
  );
}
