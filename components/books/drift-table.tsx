'use client';

import { useTranslations } from 'next-intl';
import { ACCOUNT, type Drift } from '@/domain/ledger/drift';
import { exact, plain } from '@/domain/money';
import { Cell, HeadCell, TableScroll } from '../ui/layout/table';
import { useNumbers } from '../ui/number/use-numbers';

/** Each difference: what the desk has, what the broker says, and how far apart they are. */
export function DriftTable({ drifts }: { drifts: readonly Drift[] }) {
  const t = useTranslations('reconciliation');
  const numbers = useNumbers();
  return (
    <TableScroll label={t('drifts')}>
      <thead>
        <tr>
          <HeadCell>{t('what')}</HeadCell>
          <HeadCell right>{t('desk')}</HeadCell>
          <HeadCell right>{t('venue')}</HeadCell>
          <HeadCell right>{t('difference')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {drifts.map(({ what, desk, venue }) => {
          const isAccount = what === ACCOUNT;
          const show = isAccount ? String : what === 'cash' ? numbers.money : numbers.qty;
          return (
            <tr key={what} data-drifted={what}>
              <Cell className="font-semibold">
                {isAccount ? t('account') : what === 'cash' ? t('cash') : what}
              </Cell>
              <Cell right>{show(desk)}</Cell>
              <Cell right>{show(venue)}</Cell>
              <Cell right className="font-semibold text-harm">
                {isAccount ? t('another') : show(plain(exact(desk).minus(venue)))}
              </Cell>
            </tr>
          );
        })}
      </tbody>
    </TableScroll>
  );
}
