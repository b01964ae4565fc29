'use client';

import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useConnection } from '../../trpc/stream/hooks';
import { Button } from '../../ui/form/button';
import { Banner } from '../../ui/layout/banner';
import { NO_EXITS, type TicketDraft } from './draft/draft';
import type { DraftFaults } from './draft/field-faults';
import { readDraft, termsOf } from './draft/read-draft';
import { PreviewDialog } from './preview-dialog';
import { openPreview, type Preview } from './preview';
import { useDoubt } from './use-doubt';
import { TicketEstimate } from './estimate/ticket-estimate';
import { TicketFields } from './fields/ticket-fields';
import { useOrderWords } from '../use-order-words';

type Props = {
  symbol: string;
  draft: TicketDraft;
  onDraft: (change: Partial<TicketDraft>) => void;
  /** Runs when an order was taken. */
  onSent?: () => void;
};

const NO_FAULTS: DraftFaults = {};

export function OrderTicket({ symbol, draft, onDraft, onSent }: Props) {
  const t = useTranslations('ticket');
  const say = useOrderWords();
  const doubt = useDoubt(symbol);
  const isConnecting = useConnection().phase === 'connecting';
  const [isChecked, setChecked] = useState(false);
  const [preview, setPreview] = useState<Preview | null>(null);
  const { order, faults } = readDraft(symbol, draft);

  function review(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (order !== null) setPreview(openPreview(order));
  }
  return (
    <form
      onSubmit={review}
      noValidate
      aria-label={t('title')}
      className="grid grid-cols-[minmax(0,1fr)] gap-3 p-3"
    >
      <TicketFields
        symbol={symbol}
        draft={draft}
        onDraft={onDraft}
        // An empty field is not yet a mistake: it becomes one when the order is to be reviewed.
        faults={isChecked ? (faults ?? NO_FAULTS) : quiet(faults)}
      />
      <TicketEstimate symbol={symbol} terms={termsOf(draft)} />
      {/* While the stream opens for the first time there is nothing to doubt yet; the preview still does. */}
      {doubt !== null && !isConnecting && (
        <Banner tone="doubt" className="rounded-md">
          {t(`doubt.${doubt}`)}
        </Banner>
      )}
      <Button
        type="submit"
        look={draft.side}
        size="large"
        className="h-auto min-h-11 w-full py-1.5 whitespace-normal"
      >
        {order === null ? t('reviewPlain') : t('review', { order: say(order) })}
      </Button>
      <PreviewDialog
        preview={preview}
        doubt={doubt}
        onClose={() => setPreview(null)}
        onSent={() => {
          setPreview(null);
          setChecked(false);
          // Exits belong to the order that was sent, not to the next one.
          onDraft(NO_EXITS);
          onSent?.();
        }}
      />
    </form>
  );
}

function quiet(faults: DraftFaults | null): DraftFaults {
  const shown = Object.entries(faults ?? NO_FAULTS).filter(
    ([, fault]) => fault.key !== 'required' && fault.key !== 'oneExit',
  );
  return Object.fromEntries(shown);
}
