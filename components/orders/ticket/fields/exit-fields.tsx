'use client';

import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { useQuote } from '../../../trpc/stream/hooks';
import { classNames } from '../../../ui/class-names';
import { Button } from '../../../ui/form/button';
import { exitsObstacle } from '../draft/availability';
import { NO_EXITS } from '../draft/draft';
import { termsOf } from '../draft/read-draft';
import { priceFor } from '../estimate/estimate';
import type { FieldsProps } from './fields-props';
import { PriceInput } from './price-input';
import { useFaultWords } from './use-fault-words';

/** Take profit and stop loss that come alive when the order fills, behind one disclosure. */
export function ExitFields(props: FieldsProps) {
  const { draft, onDraft } = props;
  const t = useTranslations('ticket');
  const words = useFaultWords();
  const id = useId();
  const why = words.obstacle('exits', exitsObstacle(draft));
  const isOpen = draft.hasExits;
  return (
    <div className="grid gap-2">
      <Button
        look="ghost"
        size="small"
        className="justify-self-start px-1 max-md:h-11"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-describedby={why === undefined ? undefined : `${id}-why`}
        disabled={why !== undefined && !isOpen}
        onClick={() => onDraft(isOpen ? NO_EXITS : { hasExits: true })}
      >
        <ChevronRight aria-hidden className={classNames(isOpen && 'rotate-90')} />
        {t(isOpen ? 'exitsRemove' : 'exitsAdd')}
      </Button>
      {why !== undefined && (
        <p id={`${id}-why`} className="px-1 text-label text-muted">
          {why}
        </p>
      )}
      <div id={id} className="grid gap-2">
        {isOpen && <Exits {...props} />}
      </div>
    </div>
  );
}

function Exits({ symbol, draft, onDraft, faults }: FieldsProps) {
  const t = useTranslations('ticket');
  const words = useFaultWords();
  const entry = priceFor(termsOf(draft), useQuote(symbol));
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-2">
        <PriceInput
          label={t('takeProfit')}
          value={draft.takeProfit}
          onValue={(takeProfit) => onDraft({ takeProfit })}
          from={entry}
          placeholder={t('none')}
          error={words.fault(faults['takeProfit.limitPrice'])}
        />
        <PriceInput
          label={t('stopLoss')}
          value={draft.stopLoss}
          onValue={(stopLoss) => onDraft({ stopLoss })}
          from={entry}
          placeholder={t('none')}
          error={words.fault(faults['stopLoss.stopPrice'])}
        />
      </div>
      {draft.stopLoss.trim() !== '' && (
        <PriceInput
          label={t('stopLossLimit')}
          value={draft.stopLossLimit}
          onValue={(stopLossLimit) => onDraft({ stopLossLimit })}
          from={draft.stopLoss}
          placeholder={t('stopLossMarket')}
          error={words.fault(faults['stopLoss.limitPrice'])}
        />
      )}
    </>
  );
}
