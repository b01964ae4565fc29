export type Age = { unit: 'seconds' | 'minutes' | 'hours' | 'days'; count: number };

/** The age of a quote in its largest whole unit. */
export function ageOf(ageMs: number): Age {
  const seconds = Math.floor(ageMs / 1000);
  if (seconds < 60) return { unit: 'seconds', count: seconds };
  if (seconds < 3600) return { unit: 'minutes', count: Math.floor(seconds / 60) };
  if (seconds < 86_400) return { unit: 'hours', count: Math.floor(seconds / 3600) };
  return { unit: 'days', count: Math.floor(seconds / 86_400) };
}
