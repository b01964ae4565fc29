'use client';

import { useTranslations } from 'next-intl';
import { useQuote } from '../../trpc/stream/hooks';
import { Field } from '../../ui/form/field';
import { Segmented } from '../../ui/form/segmented';
import { StepInput } from '../../ui/form/step-input';
import type { DraftFaults, FieldFault, TicketDraft } from './draft';
import { stepPrice, stepQty } from './step';

type Props = {
  symbol: string;
  draft: TicketDraft;
  onDraft: (change: Partial<TicketDraft>) => void;
  faults: DraftFaults;
};

export function TicketFields({ symbol, draft, onDraft, faults }: Props) {
  const t = useTranslations('ticket');
  const quote = useQuote(symbol);
  const steps = { upLabel: t('stepUp'), downLabel: t('stepDown') };

  function words(fault: FieldFault | undefined): string | undefined {
    if (fault === undefined) return undefined;
    if (fault.key === 'priceDecimals') return t('faults.priceDecimals', { decimals: fault.decimals });
    return t(`faults.${fault.key}`);
  }
  function chooseType(type: TicketDraft['type']) {
    // A limit starts where the order would trade now.
    const near = draft.side === 'buy' ? quote?.ask : quote?.bid;
    const isPrefilled = type === 'limit' && draft.limitPrice === '';
    onDraft({ type, ...(isPrefilled ? { limitPrice: near ?? quote?.last ?? '' } : {}) });
  }
  return (
    <>
      <Segmented
        label={t('side')}
        size="large"
        value={draft.side}
        onValue={(side) => onDraft({ side })}
        choices={[
          { value: 'buy', label: t('buy'), activeClass: 'data-[state=on]:bg-up data-[state=on]:text-on-up' },
          {
            value: 'sell',
            label: t('sell'),
            activeClass: 'data-[state=on]:bg-down data-[state=on]:text-on-down',
          },
        ]}
      />
      <div className="grid grid-cols-2 gap-2">
        <Segmented
          label={t('type')}
          value={draft.type}
          onValue={chooseType}
          choices={[
            { value: 'market', label: t('market') },
            { value: 'limit', label: t('limit') },
          ]}
        />
        <Segmented
          label={t('timeInForce')}
          value={draft.timeInForce}
          onValue={(timeInForce) => onDraft({ timeInForce })}
          choices={[
            { value: 'day', label: t('day') },
            { value: 'gtc', label: t('gtc') },
          ]}
        />
      </div>
      {faults.timeInForce !== undefined && (
        <p role="alert" className="text-table text-harm">
          {words(faults.timeInForce)}
        </p>
      )}
      <Field label={t('qty')} error={words(faults.qty)}>
        {(parts) => (
          <StepInput
            {...parts}
            {...steps}
            value={draft.qty}
            onValue={(qty) => onDraft({ qty })}
            onStep={(direction, big) => onDraft({ qty: stepQty(draft.qty, direction, big) })}
          />
        )}
      </Field>
      {draft.type === 'limit' && (
        <Field label={t('limitPrice')} error={words(faults.limitPrice)}>
          {(parts) => (
            <StepInput
              {...parts}
              {...steps}
              value={draft.limitPrice}
              onValue={(limitPrice) => onDraft({ limitPrice })}
              onStep={(direction, big) =>
                onDraft({ limitPrice: stepPrice(draft.limitPrice, direction, big) })
              }
            />
          )}
        </Field>
      )}
    </>
  );
}
