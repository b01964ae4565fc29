import type { ReactNode } from 'react';
import { classNames } from '../class-names';

const TONES = {
  plain: 'bg-raised text-muted',
  accent: 'bg-accent-tint text-accent',
  up: 'bg-up-tint text-up',
  down: 'bg-down-tint text-down',
  doubt: 'bg-doubt-tint text-doubt',
  harm: 'bg-harm-tint text-harm',
} as const;
export type Tone = keyof typeof TONES;

type Props = { tone?: Tone; className?: string; children: ReactNode };

export function Badge({ tone = 'plain', className, children }: Props) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 items-center gap-1 rounded px-1.5 text-label font-medium whitespace-nowrap [&_svg]:size-3.5',
        TONES[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
