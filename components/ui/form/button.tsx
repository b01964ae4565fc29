import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps, MouseEvent } from 'react';
import { classNames } from '../class-names';

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:opacity-90',
  secondary: 'border border-edge bg-raised text-ink hover:bg-surface',
  ghost: 'text-muted hover:bg-raised hover:text-ink',
  buy: 'bg-up text-on-up hover:opacity-90',
  sell: 'bg-down text-on-down hover:opacity-90',
  harm: 'bg-harm text-on-harm hover:opacity-90',
  danger: 'border border-harm text-harm hover:bg-harm-tint',
} as const;

const SIZES = {
  small: 'h-7 gap-1 px-2 text-table',
  medium: 'h-9 gap-1.5 px-3 text-sm max-md:h-11',
  large: 'h-11 gap-2 px-4 text-sm',
  icon: 'size-8 justify-center max-md:size-11',
} as const;

type Props = ComponentProps<'button'> & {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
  /** Shows work in progress and takes no second press. */
  busy?: boolean;
  asChild?: boolean;
};

export function Button({
  look = 'secondary',
  size = 'medium',
  busy = false,
  asChild,
  className,
  ...rest
}: Props) {
  const style = classNames(
    'inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap select-none disabled:opacity-60 aria-disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0',
    LOOKS[look],
    SIZES[size],
    className,
  );
  if (asChild) return <Slot.Root className={style} {...rest} />;
  const { children, onClick, type = 'button', ...button } = rest;
  // A busy button stays enabled for the browser: a disabled one would lose the focus to the page.
  const press = busy ? (event: MouseEvent<HTMLButtonElement>) => event.preventDefault() : onClick;
  return (
    <button
      {...button}
      type={type}
      className={style}
      onClick={press}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
    >
      {busy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}
