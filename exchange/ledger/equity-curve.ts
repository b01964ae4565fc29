import { worthIn } from '../assets/asset';
import type { Account } from './account';
import { type Holding, optionCash } from './option-margin';
import { maintenanceOf, type PriceAt } from './valuation';

/** An account's worth at an instant, micro-dollars. */
export interface WorthThen {
  readonly at: number;
  readonly equity: bigint;
  readonly maintenance: bigint;
  /** Money and positions that came from outside up to then, at the price they came at. */
  readonly funded: bigint;
}

/**
 * Values an account at rising instants of the past, from its moves up to each: prices of the past are
 * there to be asked, so the curve always agrees with the ledger.
 */
export function equityCurve(account: Account, priceAt: PriceAt, instants: readonly number[]): WorthThen[] {
  const held = new Map<string, Holding>();
  let [next, cash, funded] = [0, 0n, 0n];
  return instants.map((at) => {
    for (; next < account.moves.length; next += 1) {
      const move = account.moves[next];
      if (move === undefined || move.at > at) break;
      cash += move.cash;
      funded += move.funded;
      if (move.symbol === null) continue;
      const { symbol, delivers } = move;
      const before = held.get(symbol);
      const qty = (before?.qty ?? 0n) + move.qty;
      if (qty === 0n) held.delete(symbol);
      else held.set(symbol, { ...before, symbol, qty, ...(delivers === undefined ? {} : { delivers }) });
    }
    let [equity, maintenance] = [cash, 0n];
    for (const { symbol, qty } of held.values()) {
      const price = priceAt(symbol, at) ?? 0n;
      equity += worthIn(symbol, qty, price);
      maintenance += maintenanceOf(symbol, qty, price);
    }
    maintenance += optionCash(held.values());
    return { at, equity, maintenance, funded };
  });
}

/** Worth at one instant of the past. */
export function worthThen(account: Account, priceAt: PriceAt, at: number): WorthThen {
  const [found] = equityCurve(account, priceAt, [at]);
  return found ?? { at, equity: 0n, maintenance: 0n, funded: 0n };
}
