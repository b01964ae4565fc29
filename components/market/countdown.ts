export type Countdown = { days: number; hours: number; minutes: number; seconds: number };

/** What is left, never below zero. */
export function countdown(leftMs: number): Countdown {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor((seconds % 86_400) / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
  };
}

const two = (value: number) => String(value).padStart(2, '0');

/** 02:05:09; with days, the hours and minutes only: a second says nothing over a weekend. */
export function countdownText(left: Countdown, dayUnit: string): string {
  const clock = `${two(left.hours)}:${two(left.minutes)}`;
  return left.days > 0 ? `${left.days}${dayUnit} ${clock}` : `${clock}:${two(left.seconds)}`;
}
