'use client';

import { signIn } from 'next-auth/react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/form/button';
import { Field } from '../ui/form/field';
import { Input } from '../ui/form/input';
import { Banner } from '../ui/layout/banner';
import { formText } from './form-text';
import { PasswordInput } from './password-input';

type Fault = 'wrong' | 'limited' | 'offline';

async function attempt(login: string, password: string): Promise<Fault | null> {
  try {
    const answer = await signIn('credentials', { login, password, redirect: false });
    if (answer?.ok === true && !answer.error) return null;
    return answer?.status === 429 ? 'limited' : 'wrong';
  } catch {
    // next-auth throws on an answer that is not its own: no network, or a refusal of the front door.
    return 'offline';
  }
}

/** Sign-in with username or e-mail; `onDone` runs once the session cookie is set. */
export function SignInForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations('auth');
  const [fault, setFault] = useState<Fault | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const found = await attempt(formText(form, 'login'), formText(form, 'password'));
    setFault(found);
    if (found === null) onDone();
    else setBusy(false);
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <div role="alert">
        {fault !== null && (
          <Banner tone="harm" className="rounded-md">
            {t(`signIn.${fault}`)}
          </Banner>
        )}
      </div>
      <Field label={t('login')}>
        {(parts) => <Input {...parts} name="login" autoComplete="username" autoCapitalize="none" required />}
      </Field>
      <Field label={t('password')}>
        {(parts) => <PasswordInput {...parts} name="password" autoComplete="current-password" required />}
      </Field>
      <Button type="submit" look="primary" size="large" busy={isBusy}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
