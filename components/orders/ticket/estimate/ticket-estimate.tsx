'use client';

import { useTranslations } from 'next-intl';
import type { OrderTerms } from '@/domain/order/order-rules';
import { useAccount, usePositions } from '../../../trpc/portfolio/use-portfolio';
import { useQuote } from '../../../trpc/stream/hooks';
import { useNumbers } from '../../../ui/number/use-numbers';
import { estimate } from './estimate';
import { riskReward } from './risk-reward';

type LineProps = { label: string; value: string; tone?: 'up' | 'down' | 'harm' | 'plain' };

const TONES = { up: 'text-up', down: 'text-down', harm: 'text-harm', plain: '' };

function Line({ label, value, tone = 'plain' }: LineProps) {
  return (
    <div className="flex justify-between gap-3">
      <dt className="text-muted">{label}</dt>
      <dd className={`text-right font-medium ${TONES[tone]}`}>{value}</dd>
    </div>
  );
}

const toneOf = (amount: string) => (amount.startsWith('-') ? 'down' : 'up');

/** Cost or proceeds, what the exits make of it, buying power before and after, and the position after. */
export function TicketEstimate({ symbol, terms }: { symbol: string; terms: OrderTerms }) {
  const t = useTranslations('ticket');
  const numbers = useNumbers();
  const quote = useQuote(symbol);
  const account = useAccount().data;
  const positions = usePositions().data?.positions;
  const held = positions?.find((position) => position.symbol === symbol)?.qty ?? '0';
  const made = estimate({ terms, quote, buyingPower: account?.buyingPower ?? null, held });
  const exits = riskReward(terms, made.price, made.qty);
  const isShort = made.buyingPowerAfter !== null && Number(made.buyingPowerAfter) < 0;
  return (
    <dl className="grid gap-1 rounded-md bg-ground p-2.5 text-table">
      <Line
        label={t(terms.side === 'buy' ? 'estimatedCost' : 'estimatedProceeds')}
        value={numbers.money(made.amount)}
      />
      {exits !== null && exits.reward !== null && (
        <Line label={t('reward')} value={numbers.signedMoney(exits.reward)} tone={toneOf(exits.reward)} />
      )}
      {exits !== null && exits.risk !== null && (
        <Line label={t('risk')} value={numbers.signedMoney(exits.risk)} tone={toneOf(exits.risk)} />
      )}
      {exits !== null && exits.ratio !== null && (
        <Line label={t('ratio')} value={t('ratioOf', { ratio: exits.ratio })} />
      )}
      <Line label={t('buyingPower')} value={numbers.money(account?.buyingPower)} />
      <Line
        label={t('buyingPowerAfter')}
        value={numbers.money(made.buyingPowerAfter)}
        tone={isShort ? 'harm' : 'plain'}
      />
      <Line
        label={t('position')}
        value={t('positionChange', { before: numbers.qty(held), after: numbers.qty(made.positionAfter) })}
      />
    </dl>
  );
}
