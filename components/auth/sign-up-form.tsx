'use client';

import { useMutation } from '@tanstack/react-query';
import { signIn } from 'next-auth/react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '../trpc/client';
import { type Fault, faultOf } from '../trpc/errors';
import { Button } from '../ui/form/button';
import { Field } from '../ui/form/field';
import { Input } from '../ui/form/input';
import { Banner } from '../ui/layout/banner';
import { AlpacaFields } from './alpaca-fields';
import { PasswordInput } from './password-input';
import { isRegisterField, type RegisterField, readRegisterForm } from './register-form';

export type FieldErrors = Partial<Record<RegisterField, string>>;

/** Makes the account and signs in; `onDone` runs once the session cookie is set. */
export function SignUpForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations('auth');
  const { submit, errors, general, isBusy } = useSignUp(onDone);
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <div role="alert">
        {general !== null && (
          <Banner tone="harm" className="rounded-md">
            {general}
          </Banner>
        )}
      </div>
      <Field label={t('username')} hint={t('usernameHint')} error={errors.username}>
        {(parts) => (
          <Input {...parts} name="username" autoComplete="username" autoCapitalize="none" required />
        )}
      </Field>
      <Field label={t('email')} error={errors.email}>
        {(parts) => <Input {...parts} name="email" type="email" autoComplete="email" required />}
      </Field>
      <Field label={t('password')} hint={t('passwordHint')} error={errors.password}>
        {(parts) => <PasswordInput {...parts} name="password" autoComplete="new-password" required />}
      </Field>
      <AlpacaFields errors={errors} />
      <Button type="submit" look="primary" size="large" busy={isBusy}>
        {t('signUp.submit')}
      </Button>
    </form>
  );
}

function useSignUp(onDone: () => void) {
  const t = useTranslations('auth');
  const trpc = useTRPC();
  const register = useMutation(trpc.auth.register.mutationOptions());
  const [errors, setErrors] = useState<FieldErrors>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  function show(fault: Fault) {
    const byField: FieldErrors = {};
    for (const { field, message } of fault.fields) {
      if (isRegisterField(field)) byField[field] = fault.code === 'conflict' ? t('taken') : message;
    }
    setErrors(byField);
    const hasFields = Object.keys(byField).length > 0;
    setGeneral(hasFields ? null : (fault.message ?? t('signIn.offline')));
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const read = readRegisterForm(new FormData(form));
    if ('faulty' in read) {
      setErrors(Object.fromEntries(read.faulty.map((field) => [field, t(`faults.${field}`)])));
      setGeneral(null);
      const first = form.elements.namedItem(read.faulty[0] ?? '');
      if (first instanceof HTMLElement) first.focus();
      return;
    }
    setBusy(true);
    try {
      await register.mutateAsync(read.input);
      await signIn('credentials', {
        login: read.input.username,
        password: read.input.password,
        redirect: false,
      });
      onDone();
    } catch (error) {
      show(faultOf(error));
      setBusy(false);
    }
  }
  return { submit, errors, general, isBusy };
}
