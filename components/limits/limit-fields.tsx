'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import { ASSET_CLASSES } from '@/domain/market/symbols';
import type { RiskProfile } from '@/domain/risk/profile';
import { Check } from '../ui/form/check';
import { Field } from '../ui/form/field';
import { Input } from '../ui/form/input';
import { Select } from '../ui/form/select';
import type { LimitsDraft, NumberLimit } from './limits-draft';
import { useLimitWords } from './use-limit-words';

type Props = {
  draft: LimitsDraft;
  onDraft: (draft: LimitsDraft) => void;
  /** The desk's limits, which hold besides. */
  imposed: RiskProfile;
  faults: readonly { field: string; message: string }[];
};

const GROUPS = {
  size: ['maxOrderNotional', 'maxOrderQty', 'maxPositionNotional', 'maxGrossExposure'],
  pace: ['maxDailyLoss', 'maxOpenOrders', 'maxOrdersADay', 'duplicateSeconds'],
  price: ['priceCollarPercent', 'staleQuoteSeconds'],
} as const satisfies Record<string, readonly NumberLimit[]>;
const LEVELS = ['any', '0', '1', '2', '3'] as const;

export function LimitFields(props: Props) {
  const t = useTranslations('limits');
  const { draft, onDraft } = props;
  const set = (change: Partial<LimitsDraft>) => onDraft({ ...draft, ...change });
  return (
    <>
      {(['size', 'pace', 'price'] as const).map((group) => (
        <Group key={group} title={t(`groups.${group}`)}>
          {GROUPS[group].map((name) => (
            <NumberField key={name} {...props} name={name} />
          ))}
          {group === 'price' && (
            <>
              <Check
                label={t('fields.regularHoursOnly')}
                checked={draft.regularHoursOnly}
                onChecked={(regularHoursOnly) => set({ regularHoursOnly })}
              />
              <Check
                label={t('fields.checkBuyingPower')}
                note={t('hints.checkBuyingPower')}
                checked={draft.checkBuyingPower}
                onChecked={(checkBuyingPower) => set({ checkBuyingPower })}
              />
            </>
          )}
        </Group>
      ))}
      <Group title={t('groups.scope')}>
        <Scope {...props} />
      </Group>
    </>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-3 border-t border-line pt-4">
      <h2 id={id} className="font-medium">
        {title}
      </h2>
      <div className="grid grid-cols-2 items-start gap-x-4 gap-y-3 sm:grid-cols-4 max-sm:gap-x-3">
        {children}
      </div>
    </section>
  );
}

const faultOf = ({ faults }: Props, name: keyof RiskProfile) =>
  faults.find(({ field }) => field.startsWith(`profile.${name}`))?.message;

function NumberField({ name, ...props }: Props & { name: NumberLimit }) {
  const t = useTranslations('limits');
  const words = useLimitWords();
  const { draft, onDraft, imposed } = props;
  const desks = imposed[name];
  return (
    <Field
      label={t(`fields.${name}`)}
      hint={desks === null ? t(`hints.${name}`) : t('desks', { limit: words.value(name, desks) })}
      error={faultOf(props, name)}
    >
      {(parts) => (
        <Input
          {...parts}
          inputMode="decimal"
          autoComplete="off"
          className="text-right"
          placeholder={t('none')}
          value={draft[name]}
          onChange={(event) => onDraft({ ...draft, [name]: event.target.value })}
        />
      )}
    </Field>
  );
}

function Scope(props: Props) {
  const t = useTranslations('limits');
  const words = useLimitWords();
  const { draft, onDraft, imposed } = props;
  const set = (change: Partial<LimitsDraft>) => onDraft({ ...draft, ...change });
  const desks = (name: 'allowedSymbols' | 'allowedClasses' | 'maxOptionsLevel') =>
    imposed[name] === null ? t(`hints.${name}`) : t('desks', { limit: words.value(name, imposed[name]) });
  const level = LEVELS.find((each) => each === String(draft.maxOptionsLevel)) ?? 'any';
  const { allowedClasses } = draft;
  return (
    <>
      <div className="col-span-2">
        <Field
          label={t('fields.allowedSymbols')}
          hint={desks('allowedSymbols')}
          error={faultOf(props, 'allowedSymbols')}
        >
          {(parts) => (
            <Input
              {...parts}
              placeholder={t('all')}
              autoCapitalize="characters"
              value={draft.allowedSymbols}
              onChange={(event) => set({ allowedSymbols: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field
        label={t('fields.maxOptionsLevel')}
        hint={desks('maxOptionsLevel')}
        error={faultOf(props, 'maxOptionsLevel')}
      >
        {(parts) => (
          <Select
            {...parts}
            value={level}
            onValue={(next) => set({ maxOptionsLevel: next === 'any' ? null : Number(next) })}
            options={LEVELS.map((value) => ({ value, label: t(`levels.${value}`) }))}
          />
        )}
      </Field>
      <Field label={t('fields.onDrift')} hint={t('hints.onDrift')}>
        {(parts) => (
          <Select
            {...parts}
            value={draft.onDrift}
            onValue={(onDrift) => set({ onDrift })}
            options={(['block', 'warn'] as const).map((value) => ({ value, label: t(`drift.${value}`) }))}
          />
        )}
      </Field>
      <fieldset className="col-span-full grid gap-1">
        <legend className="text-label font-medium text-muted">{t('fields.allowedClasses')}</legend>
        <div className="flex flex-wrap gap-x-5">
          {ASSET_CLASSES.map((name) => (
            <Check
              key={name}
              label={t(`classes.${name}`)}
              checked={allowedClasses === null || allowedClasses.includes(name)}
              onChecked={(isOn) => {
                const next = ASSET_CLASSES.filter((each) =>
                  each === name ? isOn : allowedClasses === null || allowedClasses.includes(each),
                );
                set({ allowedClasses: next.length === ASSET_CLASSES.length ? null : next });
              }}
            />
          ))}
        </div>
        <p className="text-label text-muted">{desks('allowedClasses')}</p>
      </fieldset>
    </>
  );
}
