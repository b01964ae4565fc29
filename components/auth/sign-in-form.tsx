'use client';

import { signIn } from 'next-auth/react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/form/button';
import { CodeInput } from '../ui/form/code-input';
import { Field } from '../ui/form/field';
import { Input } from '../ui/form/input';
import { Banner } from '../ui/layout/banner';
import { formText } from './form-text';
import { PasswordInput } from './password-input';

type Fault = 'wrong' | 'wrongCode' | 'limited' | 'offline';
type Proved = { login: string; password: string };

async function attempt(proved: Proved, code?: string): Promise<Fault | 'codeWanted' | null> {
  try {
    const given = code === undefined ? proved : { ...proved, code };
    const answer = await signIn('credentials', { ...given, redirect: false });
    if (answer?.ok === true && !answer.error) return null;
    if (answer?.error === 'code_required') return 'codeWanted';
    if (answer?.status === 429 || answer?.error === 'rate_limited') return 'limited';
    return code === undefined ? 'wrong' : 'wrongCode';
  } catch {
    // next-auth throws on an answer that is not its own: no network, or a refusal of the front door.
    return 'offline';
  }
}

/** Sign-in with username or e-mail, then with a code for those who have one; `onDone` runs once the cookie is set. */
export function SignInForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations('auth');
  const { submit, startOver, fault, isBusy, isCodeWanted } = useSignIn(onDone);
  return (
    <form onSubmit={submit} className="grid gap-4">
      <div role="alert">
        {fault !== null && (
          <Banner tone="harm" className="rounded-md">
            {t(`signIn.${fault}`)}
          </Banner>
        )}
      </div>
      {isCodeWanted ? (
        <Field label={t('code')} hint={t('codeHint')}>
          {(parts) => (
            <CodeInput
              {...parts}
              name="code"
              required
              // The reader has just sent the password: the code is what comes next.
              // oxlint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
            />
          )}
        </Field>
      ) : (
        <>
          <Field label={t('login')}>
            {(parts) => (
              <Input {...parts} name="login" autoComplete="username" autoCapitalize="none" required />
            )}
          </Field>
          <Field label={t('password')}>
            {(parts) => <PasswordInput {...parts} name="password" autoComplete="current-password" required />}
          </Field>
        </>
      )}
      <Button type="submit" look="primary" size="large" busy={isBusy}>
        {t('signIn.submit')}
      </Button>
      {isCodeWanted && (
        <Button look="ghost" onClick={startOver}>
          {t('signIn.startOver')}
        </Button>
      )}
    </form>
  );
}

function useSignIn(onDone: () => void) {
  const [fault, setFault] = useState<Fault | null>(null);
  const [isBusy, setBusy] = useState(false);
  // What was right in the first step is sent once more with the code: the server keeps nothing in between.
  const [proved, setProved] = useState<Proved | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    const given = proved ?? { login: formText(form, 'login'), password: formText(form, 'password') };
    setBusy(true);
    const found = await attempt(given, proved === null ? undefined : formText(form, 'code'));
    if (found === null) {
      onDone();
      return;
    }
    if (found === 'codeWanted') setProved(given);
    setFault(found === 'codeWanted' ? null : found);
    setBusy(false);
  }
  const startOver = () => {
    setProved(null);
    setFault(null);
  };
  return { submit, startOver, fault, isBusy, isCodeWanted: proved !== null };
}
