import { isoDate } from '../../../clock/new-york';
import { actionIdOf, type ActionType, actionTypeOf, cusipOf } from '../../../market/company/action-name';
import type { PricedEvent } from '../../../market/company/adjustment';
import { tradingDayFrom } from '../../../market/company/earnings';
import { INSTRUMENTS } from '../../../market/instruments';
import type { Market } from '../../../market/market';
import { takeTurns } from '../turns';

/** A corporate action as the API tells of it. Days are civil days. */
export interface CorporateAction {
  readonly id: string;
  readonly symbol: string;
  readonly type: ActionType;
  /** When it is booked: the pay date of a dividend, the ex-date of a split. */
  readonly processDay: number;
  /** From this day on it is known. */
  readonly knownFrom: number;
  readonly priced: PricedEvent;
}

/** No action of the model is announced earlier than so many days before its ex-date, */
const MOST_NOTICE = 32;
/** and none by control. */
const MOST_CONTROL_NOTICE = 370;

interface Known {
  readonly today: number;
  readonly announcements: number;
  readonly actions: readonly CorporateAction[];
}

const kept = new WeakMap<Market, Known>();
/** Days before a split's ex-date at which it is announced. */
const SPLIT_NOTICE = 20;

/** What a symbol's company has done and announced by a day. */
function actionsOf(market: Market, symbol: string, today: number): CorporateAction[] {
  const notice = market.announcements === 0 ? MOST_NOTICE : MOST_CONTROL_NOTICE;
  const actions = market.events(symbol, today + notice).map((priced): CorporateAction => {
    const { event } = priced;
    return {
      id: actionIdOf(market.seed, symbol, event),
      symbol,
      type: actionTypeOf(event),
      processDay: event.kind === 'dividend' ? event.payDay : event.exDay,
      knownFrom: event.declarationDay ?? event.exDay - SPLIT_NOTICE,
      priced,
    };
  });
  return actions.filter((action) => action.knownFrom <= today);
}

/** The actions of all symbols that are known on a day. Others get their turn meanwhile. */
export async function actionsKnownOn(market: Market, today: number): Promise<readonly CorporateAction[]> {
  const known = kept.get(market);
  const { announcements } = market;
  if (known?.today === today && known.announcements === announcements) return known.actions;
  const turn = takeTurns();
  const actions: CorporateAction[] = [];
  for (const symbol of INSTRUMENTS.keys()) {
    await turn();
    actions.push(...actionsOf(market, symbol, today));
  }
  kept.set(market, { today, announcements, actions });
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
  if (event.kind === 'dividend')
    return { ...common, cusip, rate: cash, special: event.special ?? false, foreign: false };
  const rates = { new_rate: event.newRate, old_rate: event.oldRate };
  return action.type === 'forward_split'
    ? { ...common, cusip, ...rates }
    : { ...common, old_cusip: cusip, new_cusip: cusip, ...rates };
}
