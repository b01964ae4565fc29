const FLASH_MS = 280;
/** At most three flashes a second: more can harm people with photosensitivity (WCAG 2.3.1). */
export const FLASH_GAP_MS = 340;

/** Which way a price went, or null when a flash would be wrong: first sight, no move, too soon. */
export function flashDirection(
  before: string | null,
  after: string | null,
  sinceLastMs: number,
): 'up' | 'down' | null {
  if (before === null || after === null || sinceLastMs < FLASH_GAP_MS) return null;
  const change = Number(after) - Number(before);
  if (change === 0) return null;
  return change > 0 ? 'up' : 'down';
}

/** Tints the ground for a moment; nothing moves and nothing renders. */
export function flash(element: HTMLElement, direction: 'up' | 'down'): void {
  if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const tint = direction === 'up' ? 'var(--up-tint)' : 'var(--down-tint)';
  element.animate([{ backgroundColor: tint }, { backgroundColor: 'transparent' }], {
    duration: FLASH_MS,
    easing: 'ease-out',
  });
}
