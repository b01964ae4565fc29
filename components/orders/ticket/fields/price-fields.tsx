'use client';

import { useTranslations } from 'next-intl';
import { useQuote } from '../../../trpc/stream/hooks';
import { Segmented } from '../../../ui/form/segmented';
import { Field } from '../../../ui/form/field';
import { StepInput } from '../../../ui/form/step-input';
import { useNumbers } from '../../../ui/number/use-numbers';
import type { TicketDraft } from '../draft/draft';
import { PRICE_FIELDS, termsOf } from '../draft/read-draft';
import { marketPrice, trailTrigger } from '../estimate/estimate';
import { stopDoubt } from '../estimate/stop-doubt';
import { stepPercent, stepPrice } from '../step';
import type { FieldsProps } from './fields-props';
import { PriceInput } from './price-input';
import { useFaultWords } from './use-fault-words';

/** The prices that the chosen type takes. */
export function PriceFields(props: FieldsProps) {
  const { symbol, draft, onDraft, faults } = props;
  const t = useTranslations('ticket');
  const words = useFaultWords();
  const quote = useQuote(symbol);
  const near = marketPrice(draft.side, quote);
  const doubt = stopDoubt(termsOf(draft), quote);
  const takes = PRICE_FIELDS[draft.type];
  return (
    <>
      {takes.includes('stopPrice') && (
        <PriceInput
          label={t('stopPrice')}
          value={draft.stopPrice}
          onValue={(stopPrice) => onDraft({ stopPrice })}
          from={near}
          error={words.fault(faults.stopPrice)}
          hint={
            doubt === null ? (
              t(`stopNote.${draft.side}`)
            ) : (
              <span className="text-doubt">{t(`stopDoubt.${doubt}`)}</span>
            )
          }
        />
      )}
      {takes.includes('limitPrice') && (
        <PriceInput
          label={t('limitPrice')}
          value={draft.limitPrice}
          onValue={(limitPrice) => onDraft({ limitPrice })}
          from={draft.type === 'stop_limit' && draft.stopPrice !== '' ? draft.stopPrice : near}
          error={words.fault(faults.limitPrice)}
        />
      )}
      {takes.includes('trail') && <TrailField {...props} />}
    </>
  );
}

function TrailField({ symbol, draft, onDraft, faults }: FieldsProps) {
  const t = useTranslations('ticket');
  const words = useFaultWords();
  const numbers = useNumbers();
  const quote = useQuote(symbol);
  const trigger = trailTrigger(termsOf(draft), quote);
  const isPercent = draft.trailBy === 'percent';
  const step = isPercent ? stepPercent : stepPrice;
  return (
    <Field
      label={t(isPercent ? 'trailPercent' : 'trailPrice')}
      error={words.fault(isPercent ? faults.trailPercent : faults.trailPrice)}
      hint={
        trigger === null
          ? t(`trailNote.${draft.side}`)
          : t(`trailNow.${draft.side}`, { price: numbers.price(trigger) })
      }
    >
      {(parts) => (
        <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-1.5">
          <StepInput
            {...parts}
            upLabel={t('stepUp')}
            downLabel={t('stepDown')}
            value={draft.trail}
            onValue={(trail) => onDraft({ trail })}
            onStep={(direction, big) => onDraft({ trail: step(draft.trail, direction, big) })}
          />
          <Segmented<TicketDraft['trailBy']>
            label={t('trailBy')}
            value={draft.trailBy}
            // Two dollars are not two percent.
            onValue={(trailBy) => onDraft({ trailBy, trail: '' })}
            choices={[
              { value: 'percent', label: '%' },
              { value: 'price', label: '$' },
            ]}
          />
        </div>
      )}
    </Field>
  );
}
