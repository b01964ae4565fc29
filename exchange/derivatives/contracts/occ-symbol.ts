import { dayOf, isoDate } from '../../clock/new-york';

/** What an option's symbol says. `strike` in dollars, `expiry` a civil day. */
export interface OptionName {
  /** Symbol of the underlying. */
  readonly root: string;
  /** Of a contract adjusted for a split, the digit behind the root (`F1`); 0 for all others. */
  readonly suffix: number;
  readonly expiry: number;
  readonly type: 'call' | 'put';
  readonly strike: number;
}

const FORM = /^([A-Z]{1,5})([1-9]?)(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;

/** The root as it is written: with its digit, if it has one. */
export const rootSymbol = ({ root, suffix }: Pick<OptionName, 'root' | 'suffix'>): string =>
  suffix === 0 ? root : `${root}${suffix}`;

/** Root, yymmdd, C or P, and the strike in thousandths on eight digits (OCC symbology, unpadded). */
export function writeOcc({ expiry, type, strike, ...name }: OptionName): string {
  const date = isoDate(expiry).slice(2).replaceAll('-', '');
  const thousandths = String(Math.round(strike * 1000)).padStart(8, '0');
  return `${rootSymbol(name)}${date}${type === 'call' ? 'C' : 'P'}${thousandths}`;
}

/** Reads an option's symbol; null when it is none. */
export function parseOcc(symbol: string): OptionName | null {
  const match = FORM.exec(symbol);
  if (match === null) return null;
  const [, root = '', suffix, year, month, date, side, strike] = match;
  const expiry = dayOf(2000 + Number(year), Number(month), Number(date));
  const name: OptionName = {
    root,
    suffix: Number(suffix),
    expiry,
    type: side === 'C' ? 'call' : 'put',
    strike: Number(strike) / 1000,
  };
  // A 31st of June would come back as a day of July.
  return writeOcc(name) === symbol ? name : null;
}
