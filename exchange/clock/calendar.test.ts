import { describe, expect, test } from 'vitest';
import { sessionOf } from './calendar';
import { dayOf, instantOf, isoDate, newYorkDay, newYorkTimestamp } from './new-york';
import { calendarPhase, nextOpen } from './venue-clock';

const iso = (instant: number | undefined): string => new Date(instant ?? 0).toISOString();

describe('the NYSE calendar', () => {
  test.each([
    ['2026-07-03', 'Independence Day, kept on Friday'],
    ['2026-11-26', 'Thanksgiving'],
    ['2026-12-25', 'Christmas'],
    ['2026-04-03', 'Good Friday'],
    ['2026-05-25', 'Memorial Day'],
    ['2026-06-19', 'Juneteenth'],
    ['2025-01-09', 'a day of mourning'],
    ['2026-11-21', 'a Saturday'],
  ])('is closed on %s: %s', (date) => {
    expect(sessionOf(Date.parse(date) / 86_400_000)).toBeNull();
  });

  test.each(['2026-11-27', '2026-12-24', '2025-07-03'])('closes at 13:00 on %s', (date) => {
    const session = sessionOf(Date.parse(date) / 86_400_000);
    expect(newYorkTimestamp(session?.close ?? 0)).toContain('T13:00:00');
  });

  test('keeps a New Year on Saturday in no other year', () => {
    expect(sessionOf(dayOf(2021, 12, 31))).not.toBeNull();
  });

  test('opens an hour earlier in UTC during daylight time', () => {
    expect(iso(sessionOf(dayOf(2026, 3, 6))?.open)).toBe('2026-03-06T14:30:00.000Z');
    expect(iso(sessionOf(dayOf(2026, 3, 9))?.open)).toBe('2026-03-09T13:30:00.000Z');
    expect(iso(sessionOf(dayOf(2026, 10, 30))?.open)).toBe('2026-10-30T13:30:00.000Z');
    expect(iso(sessionOf(dayOf(2026, 11, 2))?.open)).toBe('2026-11-02T14:30:00.000Z');
  });

  test('has 251 sessions in 2026', () => {
    const days = Array.from({ length: 365 }, (_, i) => sessionOf(dayOf(2026, 1, 1) + i));
    expect(days.filter((day) => day !== null)).toHaveLength(251);
  });
});

describe('New York time', () => {
  test('finds midnight on both days of the change of clocks', () => {
    for (const day of [dayOf(2026, 3, 8), dayOf(2026, 11, 1)]) {
      expect(newYorkDay(instantOf(day, 0))).toBe(day);
      expect(newYorkDay(instantOf(day, 0) - 1)).toBe(day - 1);
      expect(isoDate(day)).toBe(newYorkTimestamp(instantOf(day, 0)).slice(0, 10));
    }
  });

  test('tells the phases of a day apart', () => {
    const at = (time: string): string => calendarPhase(Date.parse(`2026-11-20T${time}-05:00`));
    expect(['03:59:59', '04:00:00', '09:30:00', '16:00:00', '20:00:00'].map(at)).toEqual([
      'closed',
      'pre',
      'core',
      'post',
      'closed',
    ]);
  });

  test('names the next open over a weekend', () => {
    expect(iso(nextOpen(Date.parse('2026-11-20T22:00:00Z')))).toBe('2026-11-23T14:30:00.000Z');
  });
});
