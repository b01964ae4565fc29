'use client';

import { useSyncExternalStore } from 'react';
import { isPalette, PALETTE_COOKIE, type Palette } from './palette-cookie';
import { rememberFor } from './remember';

export { PALETTES } from './palette-cookie';

const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function current(): Palette {
  const value = document.documentElement.dataset['palette'];
  return isPalette(value) ? value : 'green-red';
}

function choose(palette: Palette): void {
  document.documentElement.dataset['palette'] = palette;
  rememberFor(PALETTE_COOKIE, palette);
  for (const wake of listeners) wake();
}

/** The colours of up and down; kept in a cookie so that the server draws them right at first. */
export function usePalette(): [Palette, (palette: Palette) => void] {
  return [useSyncExternalStore(subscribe, current, () => 'green-red' as const), choose];
}
