'use client';

import { SignInForm } from '@/components/auth/sign-in-form';

export function SignIn() {
  // A full load: the desk's first answer must be made with the new session.
  return <SignInForm onDone={() => window.location.assign('/')} />;
}
