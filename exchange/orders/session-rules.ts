import { newYorkMinute } from '../clock/new-york';
import { nextClose, nextOpen } from '../clock/venue-clock';
import type { TimeInForce } from '../journal/records';
import { forbidden } from './refusals';

const SEVEN_PM = 19 * 60;
const BEFORE_OPEN = 9 * 60 + 28;
const BEFORE_CLOSE = 15 * 60 + 50;

/**
 * The auction that an order goes to, null for one that trades in the session.
 * Alpaca docs: opg from 19:00 to 09:28, cls from 19:00 to 15:50, New York.
 */
export function auctionOf(timeInForce: TimeInForce, now: number): number | null {
  if (timeInForce !== 'opg' && timeInForce !== 'cls') return null;
  const minute = newYorkMinute(now);
  const last = timeInForce === 'opg' ? BEFORE_OPEN : BEFORE_CLOSE;
  if (minute >= last && minute < SEVEN_PM) {
    const until = timeInForce === 'opg' ? '9:28am' : '3:50pm';
    throw forbidden(`${timeInForce} orders must be submitted after 7:00pm and before ${until}`);
  }
  return timeInForce === 'opg' ? nextOpen(now) : nextClose(now);
}
