'use client';

import { useTranslations } from 'next-intl';
import { useAccount, usePositions } from '../../trpc/portfolio/use-portfolio';
import { useQuote } from '../../trpc/stream/hooks';
import { useNumbers } from '../../ui/number/use-numbers';
import type { TicketDraft } from './draft';
import { estimate } from './estimate';

function Line({ label, value, isHarm = false }: { label: string; value: string; isHarm?: boolean }) {
  return (
    <div className="flex justify-between gap-3">
      <dt className="text-muted">{label}</dt>
      <dd className={isHarm ? 'font-medium text-harm' : 'font-medium'}>{value}</dd>
    </div>
  );
}

/** Cost or proceeds, buying power before and after, and the position after, as the fields change. */
export function TicketEstimate({ symbol, draft }: { symbol: string; draft: TicketDraft }) {
  const t = useTranslations('ticket');
  const numbers = useNumbers();
  const quote = useQuote(symbol);
  const account = useAccount().data;
  const positions = usePositions().data?.positions;
  const held = positions?.find((position) => position.symbol === symbol)?.qty ?? '0';
  const made = estimate({ draft, quote, buyingPower: account?.buyingPower ?? null, held });
  const isShort = made.buyingPowerAfter !== null && Number(made.buyingPowerAfter) < 0;
  return (
    <dl className="grid gap-1 rounded-md bg-ground p-2.5 text-table">
      <Line
        label={t(draft.side === 'buy' ? 'estimatedCost' : 'estimatedProceeds')}
        value={numbers.money(made.amount)}
      />
      <Line label={t('buyingPower')} value={numbers.money(account?.buyingPower)} />
      <Line label={t('buyingPowerAfter')} value={numbers.money(made.buyingPowerAfter)} isHarm={isShort} />
      <Line
        label={t('position')}
        value={t('positionChange', { before: numbers.qty(held), after: numbers.qty(made.positionAfter) })}
      />
    </dl>
  );
}
