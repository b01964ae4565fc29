'use client';

import { useTranslations } from 'next-intl';
import { Segmented } from '../../../ui/form/segmented';
import { AmountField } from './amount-field';
import { ExitFields } from './exit-fields';
import type { FieldsProps } from './fields-props';
import { PriceFields } from './price-fields';
import { TimeChoice } from './time-choice';
import { TypeChoice } from './type-choice';

export function TicketFields(props: FieldsProps) {
  const { draft, onDraft } = props;
  const t = useTranslations('ticket');
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
      <TypeChoice {...props} />
      <AmountField {...props} />
      <PriceFields {...props} />
      <TimeChoice {...props} />
      <ExitFields {...props} />
    </>
  );
}
