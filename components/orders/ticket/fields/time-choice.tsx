'use client';

import { useTranslations } from 'next-intl';
import { TIMES_IN_FORCE } from '@/domain/order/order';
import { Check } from '../../../ui/form/check';
import { Field } from '../../../ui/form/field';
import { Select } from '../../../ui/form/select';
import { extendedObstacle, timeObstacle } from '../draft/availability';
import type { FieldsProps } from './fields-props';
import { useFaultWords } from './use-fault-words';

/** How long the order works; a time that the order cannot have says why. */
export function TimeChoice({ draft, onDraft, faults }: FieldsProps) {
  const t = useTranslations('ticket');
  const words = useFaultWords();
  const extended = extendedObstacle(draft);
  return (
    <>
      <Field label={t('timeInForce')} error={words.fault(faults.timeInForce)}>
        {(parts) => (
          <Select
            {...parts}
            value={draft.timeInForce}
            onValue={(timeInForce) => onDraft({ timeInForce })}
            options={TIMES_IN_FORCE.map((value) => {
              const why = words.obstacle('time', timeObstacle(draft, value));
              const name = t(`times.${value}`);
              return why === undefined
                ? { value, label: name }
                : { value, label: t('unavailableTime', { name, why }), disabled: true };
            })}
          />
        )}
      </Field>
      {extended !== 'type' && (
        <Check
          label={t('extendedHours')}
          checked={draft.extendedHours}
          disabled={extended !== null}
          onChecked={(extendedHours) => onDraft({ extendedHours })}
          {...(extended === null ? {} : { note: words.obstacle('extended', extended) })}
        />
      )}
    </>
  );
}
