import type { ComponentProps } from 'react';
import { classNames } from '../class-names';
import { Input } from './input';

/** A one-time code: phones offer it from the authenticator, and it may be pasted. Recovery codes fit as well. */
export function CodeInput({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <Input
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={64}
      {...rest}
      className={classNames('font-mono tracking-widest', className)}
    />
  );
}
