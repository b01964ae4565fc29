import { classNames } from '../class-names';

/** The mark: two brackets that face each other, bid and ask, with the trade between them. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden className={classNames('size-5', className)}>
      <g stroke="currentColor" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M11 5H9a4 4 0 0 0-4 4v14a4 4 0 0 0 4 4h2" />
        <path d="M21 5h2a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4h-2" />
      </g>
      <path d="M12.5 13.5h7M12.5 18.5h7" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 text-base font-semibold tracking-tight">
      <LogoMark className="text-accent" />
      Outcry
    </span>
  );
}
