'use client';

import { useTranslations } from 'next-intl';
import type { LedgerAccount } from '@/domain/ledger/transfer';
import { exact, plain } from '@/domain/money';
import { useNumbers } from '../ui/number/use-numbers';

type Balance = { account: LedgerAccount; balance: string };

/** What the account has; every other account of the ledger says where it came from. */
const HAS: ReadonlySet<LedgerAccount> = new Set(['cash', 'holdings']);

const negated = (balance: string) => plain(exact(balance).neg());

/** The ledger's balances on two sides that have the same sum: what there is, and where it came from. */
export function Balances({ balances }: { balances: readonly Balance[] }) {
  const t = useTranslations('ledger');
  const has = balances.filter(({ account }) => HAS.has(account));
  const from = balances
    .filter(({ account }) => !HAS.has(account))
    .map(({ account, balance }) => ({ account, balance: negated(balance) }));
  return (
    <section className="grid gap-2" aria-labelledby="balances">
      <h2 id="balances" className="font-semibold">
        {t('balances')}
      </h2>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Side title={t('has')} balances={has} />
        <Side title={t('cameFrom')} balances={from} />
      </div>
    </section>
  );
}

function Side({ title, balances }: { title: string; balances: readonly Balance[] }) {
  const t = useTranslations('ledger');
  const numbers = useNumbers();
  const sum = balances.reduce((total, { balance }) => total.plus(balance), exact(0));
  return (
    <div className="rounded-md border border-line bg-surface px-3 py-1 text-table">
      <h3 className="py-1 text-label text-muted">{title}</h3>
      <dl>
        {balances.map(({ account, balance }) => (
          <div key={account} className="flex justify-between gap-4 py-1">
            <dt>{t(`accounts.${account}`)}</dt>
            <dd data-balance={account}>{numbers.money(balance)}</dd>
          </div>
        ))}
        <div className="flex justify-between gap-4 border-t border-line py-1 font-semibold">
          <dt>{t('sum')}</dt>
          <dd>{numbers.money(plain(sum))}</dd>
        </div>
      </dl>
    </div>
  );
}
