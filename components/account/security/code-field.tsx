'use client';

import { useTranslations } from 'next-intl';
import { CodeInput } from '../../ui/form/code-input';
import { Field } from '../../ui/form/field';

type Props = { value: string; onValue: (value: string) => void; isWrong: boolean };

/** A code of the authenticator, or a recovery code. */
export function CodeField({ value, onValue, isWrong }: Props) {
  const t = useTranslations('security');
  return (
    <Field label={t('code')} hint={t('codeHint')} error={isWrong ? t('wrongCode') : undefined}>
      {(parts) => (
        <CodeInput {...parts} required value={value} onChange={(event) => onValue(event.target.value)} />
      )}
    </Field>
  );
}
