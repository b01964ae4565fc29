/** The colours of the page's theme, as the chart's canvas needs them. */
export type ChartColours = {
  ink: string;
  muted: string;
  line: string;
  surface: string;
  accent: string;
  up: string;
  down: string;
};

export function readColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read('--ink'),
    muted: read('--muted'),
    line: read('--line'),
    surface: read('--surface'),
    accent: read('--accent'),
    up: read('--up'),
    down: read('--down'),
  };
}

/** Calls back when the theme or the palette changes. */
export function onColours(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-palette'] });
  return () => observer.disconnect();
}
