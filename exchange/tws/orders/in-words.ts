import { Refusal } from '../../orders/refusals';
import { ERRORS, TwsRefusal } from '../wire/errors';

/** Runs what the exchange may refuse, and tells its refusals in IB's way. */
export function inWords(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isIncrement = error.message.includes('increment');
    throw new TwsRefusal(isIncrement ? ERRORS.priceIncrement : ERRORS.rejected(error.message));
  }
}
