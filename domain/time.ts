import { z } from 'zod';

/** RFC 3339, UTC, milliseconds or finer. */
export const instant = z.iso
  .datetime({ offset: true })
  .meta({ id: 'Instant', description: 'RFC 3339 time in UTC.', examples: ['2026-11-20T14:30:00.000Z'] });
