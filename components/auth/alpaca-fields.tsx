'use client';

import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Field } from '../ui/form/field';
import { Input } from '../ui/form/input';
import { PasswordInput } from './password-input';
import type { FieldErrors } from './sign-up-form';

/** Optional keys of one's own Alpaca paper account; without them the desk gives a simulated account. */
export function AlpacaFields({ errors }: { errors: FieldErrors }) {
  const t = useTranslations('auth');
  const hasError = errors.alpacaApiKey !== undefined || errors.alpacaSecretKey !== undefined;
  return (
    <details className="group rounded-md border border-line" open={hasError || undefined}>
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-md px-3 py-2 text-table font-medium max-md:min-h-11">
        <ChevronRight className="size-4 text-muted group-open:rotate-90" aria-hidden />
        {t('alpaca.title')}
      </summary>
      <div className="grid gap-3 border-t border-line p-3">
        <p className="text-table text-muted">{t('alpaca.text')}</p>
        <Field label={t('alpaca.key')} error={errors.alpacaApiKey}>
          {(parts) => <Input {...parts} name="alpacaApiKey" autoComplete="off" spellCheck={false} />}
        </Field>
        <Field label={t('alpaca.secret')} error={errors.alpacaSecretKey}>
          {(parts) => <PasswordInput {...parts} name="alpacaSecretKey" autoComplete="off" />}
        </Field>
      </div>
    </details>
  );
}
