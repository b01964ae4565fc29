'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Field } from '../../../ui/form/field';
import { StepInput } from '../../../ui/form/step-input';
import { stepPrice } from '../step';

type Props = {
  label: ReactNode;
  value: string;
  onValue: (value: string) => void;
  /** Where stepping starts while the field is empty. */
  from?: string | null | undefined;
  error?: string | undefined;
  hint?: ReactNode;
  aside?: ReactNode;
  placeholder?: string;
  autoFocus?: boolean;
};

/** A price in dollars that steps by its tick. */
export function PriceInput(props: Props) {
  const { label, value, onValue, from, error, hint, aside, ...input } = props;
  const t = useTranslations('ticket');
  const start = value.trim() === '' ? (from ?? '') : value;
  return (
    <Field label={label} error={error} hint={hint} aside={aside}>
      {(parts) => (
        <StepInput
          {...parts}
          {...input}
          upLabel={t('stepUp')}
          downLabel={t('stepDown')}
          value={value}
          onValue={onValue}
          onStep={(direction, big) => onValue(stepPrice(start, direction, big))}
        />
      )}
    </Field>
  );
}
