import { dayOf, isoDate } from '../../clock/new-york';

/** What an option's symbol says. `strike` in dollars, `expiry` a civil day. */
export interface OptionName {
  readonly root: string;
  readonly expiry: number;
  readonly type: 'call' | 'put';
  readonly strike: number;
}

const FORM = /^([A-Z]{1,5})(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;

/** Root, yymmdd, C or P, and the strike in thousandths on eight digits (OCC symbology, unpadded). */
export function writeOcc({ root, expiry, type, strike }: OptionName): string {
  const date = isoDate(expiry).slice(2).replaceAll('-', '');
  const thousandths = String(Math.round(strike * 1000)).padStart(8, '0');
  return `${root}${date}${type === 'call' ? 'C' : 'P'}${thousandths}`;
}

/** Reads an option's symbol; null when it is none. */
export function parseOcc(symbol: string): OptionName | null {
  const match = FORM.exec(symbol);
  if (match === null) return null;
  const [, root = '', year, month, date, side, strike] = match;
  const expiry = dayOf(2000 + Number(year), Number(month), Number(date));
  const name: OptionName = {
    root,
    expiry,
    type: side === 'C' ? 'call' : 'put',
    strike: Number(strike) / 1000,
  };
  // A 31st of June would come back as a day of July.
  return writeOcc(name) === symbol ? name : null;
}
