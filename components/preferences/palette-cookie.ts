export const PALETTES = ['green-red', 'red-green', 'blue-orange'] as const;
export type Palette = (typeof PALETTES)[number];

export const PALETTE_COOKIE = 'palette';

export function isPalette(value: string | undefined): value is Palette {
  return PALETTES.some((palette) => palette === value);
}
