'use client';

import { useTranslations } from 'next-intl';
import { type RefObject, useRef } from 'react';
import { Banner } from '../../ui/layout/banner';
import { Dialog } from '../../ui/overlay/dialog';
import { useNumbers } from '../../ui/number/use-numbers';
import { useAccount } from '../../trpc/portfolio/use-portfolio';
import { mayPass } from '../../trpc/errors';
import { FaultNote } from '../fault-note';
import { RealMoney } from '../real-money';
import type { Preview } from './preview';
import { PreviewActions } from './preview-actions';
import { TicketEstimate } from './estimate/ticket-estimate';
import { useOrderWords } from '../use-order-words';
import { RiskVerdict, useVerdict } from './risk-verdict';
import type { Doubt } from './use-doubt';
import { useSubmit } from './use-submit';

type Props = {
  preview: Preview | null;
  doubt: Doubt;
  onClose: () => void;
  onSent: () => void;
};

/** The last look before an order goes out: Enter sends, Esc cancels. */
export function PreviewDialog({ preview, doubt, onClose, onSent }: Props) {
  const t = useTranslations('ticket');
  const focus = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open={preview !== null}
      onOpen={(open) => {
        if (!open) onClose();
      }}
      title={t('previewTitle')}
      description={
        <span className="max-md:hidden">{t(doubt === null ? 'previewText' : 'previewDoubt')}</span>
      }
      closeLabel={t('cancel')}
      initialFocus={focus}
    >
      {preview !== null && (
        <PreviewBody preview={preview} doubt={doubt} onClose={onClose} onSent={onSent} focus={focus} />
      )}
    </Dialog>
  );
}

type BodyProps = Props & { preview: Preview; focus: RefObject<HTMLButtonElement | null> };

function PreviewBody({ preview, doubt, onClose, onSent, focus }: BodyProps) {
  const t = useTranslations('ticket');
  const tAccount = useTranslations('account');
  const say = useOrderWords();
  const account = useAccount().data;
  const { order } = preview;
  const { send, isBusy, fault } = useSubmit(order, onSent);
  const verdict = useVerdict(order);
  return (
    <div className="grid gap-3">
      <RealMoney />
      <p className="text-lg font-semibold">{say(order)}</p>
      <p className="text-table text-muted">
        {t(`timeNotes.${order.timeInForce}`)}
        {order.extendedHours && ` · ${t('extendedHours')}`}
        {account !== undefined && ` · ${tAccount(`kind.${account.kind}`)}`}
      </p>
      <ExitLines order={order} />
      <TicketEstimate symbol={order.symbol} terms={order} />
      {doubt !== null && (
        <Banner tone="doubt" className="rounded-md">
          {t(`doubt.${doubt}`)}
        </Banner>
      )}
      <RiskVerdict {...verdict} />
      {fault !== null && <FaultNote fault={fault} offlineText={t('sendOffline')} />}
      <PreviewActions
        side={order.side}
        words={say(order)}
        isCareful={doubt !== null}
        isOver={verdict.isOver || (fault !== null && !mayPass(fault))}
        isBusy={isBusy}
        onSend={send}
        onClose={onClose}
        focus={focus}
      />
    </div>
  );
}

/** The exits that go with the order, in words. */
function ExitLines({ order }: { order: Preview['order'] }) {
  const t = useTranslations('ticket');
  const numbers = useNumbers();
  const { takeProfit, stopLoss } = order;
  if (takeProfit === undefined && stopLoss === undefined) return null;
  return (
    <ul className="grid gap-0.5 text-table">
      {takeProfit !== undefined && (
        <li>{t('exitLines.profit', { price: numbers.price(takeProfit.limitPrice) })}</li>
      )}
      {stopLoss !== undefined && (
        <li>
          {stopLoss.limitPrice === undefined
            ? t('exitLines.stop', { price: numbers.price(stopLoss.stopPrice) })
            : t('exitLines.stopLimit', {
                price: numbers.price(stopLoss.stopPrice),
                limit: numbers.price(stopLoss.limitPrice),
              })}
        </li>
      )}
    </ul>
  );
}
