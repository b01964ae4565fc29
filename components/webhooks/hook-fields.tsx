'use client';

import { useTranslations } from 'next-intl';
import { Field } from '../ui/form/field';
import { Input } from '../ui/form/input';
import { Segmented } from '../ui/form/segmented';
import type { LimitsDraft } from './limits-draft';

export type HookDraft = LimitsDraft & { name: string };

type Props = {
  draft: HookDraft;
  onDraft: (draft: HookDraft) => void;
  faults: readonly { field: string; message: string }[];
};

/** The name of a hook and what it may trade. */
export function HookFields({ draft, onDraft, faults }: Props) {
  const t = useTranslations('webhooks.fields');
  const set = (change: Partial<HookDraft>) => onDraft({ ...draft, ...change });
  const faultOf = (name: string) => faults.find(({ field }) => field.startsWith(name))?.message;
  return (
    <>
      <Field label={t('name')} hint={t('nameHint')} error={faultOf('name')}>
        {(parts) => (
          <Input
            {...parts}
            required
            maxLength={64}
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('symbols')} hint={t('symbolsHint')} error={faultOf('limits.symbols')}>
        {(parts) => (
          <Input
            {...parts}
            value={draft.symbols}
            placeholder="AAPL, SPY"
            autoCapitalize="characters"
            onChange={(event) => set({ symbols: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-1">
        <span className="text-label font-medium text-muted">{t('side')}</span>
        <Segmented
          label={t('side')}
          value={draft.side}
          onValue={(side) => set({ side })}
          choices={[
            { value: 'both', label: t('sides.both') },
            { value: 'buy', label: t('sides.buy') },
            { value: 'sell', label: t('sides.sell') },
          ]}
        />
      </div>
      <div className="grid grid-cols-2 gap-3">
        {(['maxQty', 'maxNotional'] as const).map((name) => (
          <Field key={name} label={t(name)} hint={t('noLimit')} error={faultOf(`limits.${name}`)}>
            {(parts) => (
              <Input
                {...parts}
                inputMode="decimal"
                className="text-right"
                value={draft[name]}
                onChange={(event) => set({ [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
    </>
  );
}
