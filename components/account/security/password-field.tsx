'use client';

import { useTranslations } from 'next-intl';
import { Field } from '../../ui/form/field';
import { Input } from '../../ui/form/input';

type Props = { value: string; onValue: (value: string) => void; isWrong: boolean };

/** The user's password once more, before the second factor is changed. */
export function PasswordField({ value, onValue, isWrong }: Props) {
  const t = useTranslations('security');
  return (
    <Field label={t('password')} error={isWrong ? t('wrongPassword') : undefined}>
      {(parts) => (
        <Input
          {...parts}
          required
          type="password"
          autoComplete="current-password"
          maxLength={1024}
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}
