import type { ComponentProps } from 'react';
import { classNames } from '../class-names';

export const inputLook =
  'h-9 w-full min-w-0 rounded-md border border-edge bg-ground px-2.5 text-sm text-ink placeholder:text-muted aria-invalid:border-harm disabled:opacity-60 max-md:h-11 max-md:text-base';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={classNames(inputLook, className)} />;
}
