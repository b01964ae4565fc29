'use client';

import { useTranslations } from 'next-intl';
import { exact } from '@/domain/money';
import { useQuote } from '../../../trpc/stream/hooks';
import { Field } from '../../../ui/form/field';
import { Segmented } from '../../../ui/form/segmented';
import { StepInput } from '../../../ui/form/step-input';
import { useNumbers } from '../../../ui/number/use-numbers';
import type { TicketDraft } from '../draft/draft';
import { dollarsObstacle } from '../draft/availability';
import { termsOf } from '../draft/read-draft';
import { estimate } from '../estimate/estimate';
import { stepDollars, stepQty } from '../step';
import type { FieldsProps } from './fields-props';
import { useFaultWords } from './use-fault-words';

/** How much, in shares or in dollars, with the other of the two beside it. */
export function AmountField({ symbol, draft, onDraft, faults }: FieldsProps) {
  const t = useTranslations('ticket');
  const words = useFaultWords();
  const numbers = useNumbers();
  const quote = useQuote(symbol);
  const isDollars = draft.unit === 'dollars';
  const made = estimate({ terms: termsOf(draft), quote, buyingPower: null, held: '0' });
  const other = isDollars ? made.qty : made.amount;
  const obstacle = isDollars ? null : dollarsObstacle(draft);

  function chooseUnit(unit: TicketDraft['unit']) {
    // The other unit starts with what this one comes to.
    const dollars = made.amount === null ? '' : exact(made.amount).toFixed(2);
    const shares = made.qty === null ? '' : exact(made.qty).toDecimalPlaces(0, 1).toFixed();
    onDraft(
      unit === 'dollars'
        ? { unit, notional: dollars }
        : { unit, ...(/[1-9]/.test(shares) && { qty: shares }) },
    );
  }
  return (
    <Field
      label={t(isDollars ? 'notional' : 'qty')}
      error={words.fault(isDollars ? faults.notional : faults.qty)}
      hint={
        other === null
          ? undefined
          : isDollars
            ? t('aboutShares', { qty: numbers.qty(other) })
            : t('aboutDollars', { amount: numbers.money(other) })
      }
    >
      {(parts) => (
        <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-1.5">
          <StepInput
            {...parts}
            upLabel={t('stepUp')}
            downLabel={t('stepDown')}
            value={isDollars ? draft.notional : draft.qty}
            onValue={(text) => onDraft(isDollars ? { notional: text } : { qty: text })}
            onStep={(direction, big) =>
              onDraft(
                isDollars
                  ? { notional: stepDollars(draft.notional, direction, big) }
                  : { qty: stepQty(draft.qty, direction, big) },
              )
            }
          />
          <Segmented<TicketDraft['unit']>
            label={t('unit')}
            value={draft.unit}
            onValue={chooseUnit}
            choices={[
              { value: 'shares', label: t('units.shares') },
              {
                value: 'dollars',
                label: t('units.dollars'),
                unavailable: words.obstacle('dollars', obstacle),
              },
            ]}
          />
        </div>
      )}
    </Field>
  );
}
