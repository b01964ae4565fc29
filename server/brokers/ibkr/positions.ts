import type { Position } from '@/domain/account/position';
import { contractSize } from '@/domain/market/symbols';
import { exact, plain } from '@/domain/money';
import type { VenueOrder } from '@/server/brokers/ports';
import type { IbPosition } from './gateway/feed-book';
import type { LineQuote } from './market-data/lines';
import { symbolOf } from './wire/contracts';

/**
 * What IB says is held. It tells no prices with it: they come from the lines of market data that are open, and what
 * has none is null. An average cost of IB's has commissions in it, and is of a whole contract for an option.
 */
export function parsePositions(
  told: readonly IbPosition[],
  open: readonly VenueOrder[],
  known: (symbol: string) => LineQuote | null,
): Position[] {
  return told.flatMap(({ contract, qty, averageCost }): Position[] => {
    const symbol = symbolOf(contract);
    if (symbol === null || exact(qty).isZero()) return [];
    const isShort = exact(qty).isNegative();
    const costBasis = exact(averageCost ?? '0').times(qty);
    const quote = known(symbol);
    const price = quote?.last ?? quote?.previousClose ?? null;
    const value = price === null ? null : exact(price).times(qty).times(contractSize(symbol));
    const gain = value === null ? null : value.minus(costBasis);
    return [
      {
        symbol,
        side: isShort ? 'short' : 'long',
        qty,
        qtyAvailable: available(symbol, qty, open),
        averagePrice: plain(exact(averageCost ?? '0').div(contractSize(symbol))),
        currentPrice: price,
        previousClose: quote?.previousClose ?? null,
        marketValue: value === null ? null : plain(value),
        costBasis: plain(costBasis),
        unrealizedPl: gain === null ? null : plain(gain),
        unrealizedPlPercent:
          gain === null || costBasis.isZero() ? null : plain(gain.div(costBasis.abs()).toDecimalPlaces(9)),
        dayPl: null,
      },
    ];
  });
}

/** What no working order would close already. */
function available(symbol: string, qty: string, open: readonly VenueOrder[]): string {
  const isShort = exact(qty).isNegative();
  const closing = open.filter((order) => order.symbol === symbol && (order.side === 'buy') === isShort);
  const held = closing.reduce((sum, order) => sum.plus(order.qty ?? '0').minus(order.filledQty), exact(0));
  const left = exact(qty).abs().minus(held);
  if (left.isNegative()) return '0';
  return plain(isShort ? left.neg() : left);
}
