'use client';

import { SignUpForm } from '@/components/auth/sign-up-form';

export function SignUp() {
  // A full load: the desk's first answer must be made with the new session.
  return <SignUpForm onDone={() => window.location.assign('/')} />;
}
