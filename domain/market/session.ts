import { z } from 'zod';
import { instant } from '../time';

/** The market's session by the venue's own clock. */
export const marketClock = z
  .object({
    now: instant,
    isOpen: z.boolean(),
    nextOpen: instant,
    nextClose: instant,
  })
  .meta({ id: 'MarketClock' });
export type MarketClock = z.infer<typeof marketClock>;
