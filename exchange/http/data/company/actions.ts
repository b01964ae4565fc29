import { isoDate } from '../../../clock/new-york';
import type { PricedEvent } from '../../../market/company/adjustment';
import { tradingDayFrom } from '../../../market/company/earnings';
import { bits, keyOf } from '../../../market/hash';
import { INSTRUMENTS, uuidOf } from '../../../market/instruments';
import type { Market } from '../../../market/market';
import { takeTurns } from '../turns';

/** A corporate action as the API tells of it. Days are civil days. */
export interface CorporateAction {
  readonly id: string;
  readonly symbol: string;
  readonly type: 'forward_split' | 'reverse_split' | 'cash_dividend';
  /** When it is booked: the pay date of a dividend, the ex-date of a split. */
  readonly processDay: number;
  /** From this day on it is known. */
  readonly knownFrom: number;
  readonly priced: PricedEvent;
}

/** No action is announced earlier than so many days before its ex-date. */
const MOST_NOTICE = 32;
const kept = new WeakMap<Market, { today: number; actions: readonly CorporateAction[] }>();
/** Days before a split's ex-date at which it is announced. */
const SPLIT_NOTICE = 20;

/** A nine-character CUSIP, made up: real ones are licensed. */
export function cusipOf(symbol: string): string {
  const digits = bits(keyOf(1, `cusip:${symbol}`), 0, 0, 0);
  return `9${String(digits % 100_000).padStart(5, '0')}${String((digits >>> 17) % 1000).padStart(3, '0')}`;
}

/** What a symbol's company has done and announced by a day. */
function actionsOf(market: Market, symbol: string, today: number): CorporateAction[] {
  const actions = market.events(symbol, today + MOST_NOTICE).map((priced): CorporateAction => {
    const { event } = priced;
    const type =
      event.kind === 'dividend'
        ? 'cash_dividend'
        : event.newRate > event.oldRate
          ? 'forward_split'
          : 'reverse_split';
    return {
      id: uuidOf(`action:${market.seed}:${symbol}:${type}:${event.exDay}`),
      symbol,
      type,
      processDay: event.kind === 'dividend' ? event.payDay : event.exDay,
      knownFrom: event.kind === 'dividend' ? event.declarationDay : event.exDay - SPLIT_NOTICE,
      priced,
    };
  });
  return actions.filter((action) => action.knownFrom <= today);
}

/** The actions of all symbols that are known on a day. Others get their turn meanwhile. */
export async function actionsKnownOn(market: Market, today: number): Promise<readonly CorporateAction[]> {
  const known = kept.get(market);
  if (known !== undefined && known.today === today) return known.actions;
  const turn = takeTurns();
  const actions: CorporateAction[] = [];
  for (const symbol of INSTRUMENTS.keys()) {
    await turn();
    actions.push(...actionsOf(market, symbol, today));
  }
  kept.set(market, { today, actions });
  return actions;
}

/** The record date: the ex-date itself, as trades settle the next day (T+1). */
export const recordDay = ({ priced }: CorporateAction): number => tradingDayFrom(priced.event.exDay);

export function actionJson(action: CorporateAction): Record<string, unknown> {
  const { event, cash } = action.priced;
  const common = {
    id: action.id,
    symbol: action.symbol,
    process_date: isoDate(action.processDay),
    ex_date: isoDate(event.exDay),
    record_date: isoDate(recordDay(action)),
    payable_date: isoDate(action.processDay),
  };
  const cusip = cusipOf(action.symbol);
  if (event.kind === 'dividend') return { ...common, cusip, rate: cash, special: false, foreign: false };
  const rates = { new_rate: event.newRate, old_rate: event.oldRate };
  return action.type === 'forward_split'
    ? { ...common, cusip, ...rates }
    : { ...common, old_cusip: cusip, new_cusip: cusip, ...rates };
}
