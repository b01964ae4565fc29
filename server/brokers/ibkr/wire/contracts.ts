import { type Contract, SecType } from '@stoqey/ib';
import { readOption } from '@/domain/market/option-contract';
import { classOf } from '@/domain/market/symbols';

/** What a symbol of the desk is at IB: a share or an option of the US, by IB's own router. */
export function contractOf(symbol: string): Contract {
  if (classOf(symbol) === 'us_option') {
    return { localSymbol: paddedOcc(symbol), secType: SecType.OPT, exchange: 'SMART', currency: 'USD' };
  }
  // IB writes the class of a share behind a space: BRK B.
  return { symbol: symbol.replace('.', ' '), secType: SecType.STK, exchange: 'SMART', currency: 'USD' };
}

/** An option's local symbol is its OCC symbol with the root padded to six. */
function paddedOcc(symbol: string): string {
  const root = readOption(symbol)?.root ?? symbol;
  return root.padEnd(6, ' ') + symbol.slice(root.length);
}

/** The desk's symbol of what IB names; null for what the desk does not hold: futures, currencies, bonds. */
export function symbolOf({ secType, symbol, localSymbol, currency }: Contract): string | null {
  if (currency !== undefined && currency !== '' && currency !== 'USD') return null;
  if (secType === SecType.STK) return symbol === undefined ? null : symbol.replace(' ', '.');
  if (secType !== SecType.OPT || localSymbol === undefined) return null;
  const occ = localSymbol.replaceAll(' ', '');
  return classOf(occ) === 'us_option' ? occ : null;
}
