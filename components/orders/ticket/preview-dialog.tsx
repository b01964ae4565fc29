'use client';

import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { Button } from '../../ui/form/button';
import { Banner } from '../../ui/layout/banner';
import { Dialog } from '../../ui/overlay/dialog';
import { useAccount } from '../../trpc/portfolio/use-portfolio';
import { FaultNote } from '../fault-note';
import type { Preview } from './preview';
import { TicketEstimate } from './ticket-estimate';
import { useOrderWords } from './use-order-words';
import { useSubmit } from './use-submit';

type Props = {
  preview: Preview | null;
  doubt: 'lost' | 'stale' | null;
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

type BodyProps = Props & { preview: Preview; focus: React.RefObject<HTMLButtonElement | null> };

function PreviewBody({ preview, doubt, onClose, onSent, focus }: BodyProps) {
  const t = useTranslations('ticket');
  const tAccount = useTranslations('account');
  const say = useOrderWords();
  const account = useAccount().data;
  const { order } = preview;
  const { send, isBusy, fault } = useSubmit(order, onSent);
  const draft = {
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    qty: order.qty ?? '',
    limitPrice: order.limitPrice ?? '',
  };
  // Enter must not send what is in doubt: then the focus starts on the way out.
  const isCareful = doubt !== null;
  return (
    <div className="grid gap-3">
      <p className="text-lg font-semibold">{say(order)}</p>
      <p className="text-table text-muted">
        {t(order.timeInForce === 'day' ? 'dayNote' : 'gtcNote')}
        {account !== undefined && ` · ${tAccount(`kind.${account.kind}`)}`}
      </p>
      <TicketEstimate symbol={order.symbol} draft={draft} />
      {doubt !== null && (
        <Banner tone="doubt" className="rounded-md">
          {t(`doubt.${doubt}`)}
        </Banner>
      )}
      {fault !== null && <FaultNote fault={fault} offlineText={t('sendOffline')} />}
      <div className="flex justify-end gap-2">
        <Button size="large" onClick={onClose} {...(isCareful ? { ref: focus } : {})}>
          {t('cancel')}
        </Button>
        <Button
          look={isCareful ? 'danger' : order.side}
          size="large"
          busy={isBusy}
          onClick={send}
          className="flex-1"
          {...(isCareful ? {} : { ref: focus })}
        >
          {isCareful ? t('sendAnyway', { order: say(order) }) : say(order)}
        </Button>
      </div>
    </div>
  );
}
