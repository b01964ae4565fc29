import { answerPositions } from './account/positions';
import { answerSummary } from './account/summary';
import { answerAccountUpdates, answerUpdatesMulti } from './account/updates';
import { answerContractDetails, answerMatchingSymbols, answerOptionParameters } from './contracts/details';
import { answerHistory } from './market/history';
import { answerMarketData, cancelMarketData } from './market/ticks';
import { answerExecutions } from './reports/executions';
import { answerCompletedOrders, answerOpenOrders } from './reports/list-orders';
import type { Session } from './session';
import type { FieldReader } from './wire/field-reader';
import { ANSWERS, REQUESTS } from './wire/message-ids';

/** How a request is answered, and what it is about: while IB cannot be reached only what is local is answered. */
export interface Request {
  readonly run: (session: Session, fields: FieldReader) => Promise<void> | void;
  readonly isLocal?: boolean;
  /** Where its id stands behind the number of the message: errors carry it. */
  readonly idAt?: number;
}

const nothing = (): void => {};

/** Every request but those of orders and of connecting, by its number. */
export const ANSWERED: ReadonlyMap<number, Request> = new Map<number, Request>([
  [REQUESTS.marketData, { run: answerMarketData, idAt: 1 }],
  [REQUESTS.cancelMarketData, { run: cancelMarketData, idAt: 1 }],
  [REQUESTS.openOrders, { run: (session) => answerOpenOrders(session, 'own') }],
  [REQUESTS.allOpenOrders, { run: (session) => answerOpenOrders(session, 'all') }],
  [REQUESTS.completedOrders, { run: (session, fields) => answerCompletedOrders(session, fields.flag()) }],
  [REQUESTS.executions, { run: answerExecutions, idAt: 1 }],
  [REQUESTS.contractDetails, { run: answerContractDetails, idAt: 1 }],
  [REQUESTS.matchingSymbols, { run: answerMatchingSymbols, idAt: 0 }],
  [REQUESTS.optionParameters, { run: answerOptionParameters, idAt: 0 }],
  [REQUESTS.positions, { run: answerPositions }],
  [REQUESTS.cancelPositions, { run: ({ subscriptions }) => void (subscriptions.positions = null) }],
  [REQUESTS.accountSummary, { run: answerSummary, idAt: 1 }],
  [REQUESTS.cancelAccountSummary, { run: cancelSummary }],
  [REQUESTS.accountUpdates, { run: answerAccountUpdates }],
  [REQUESTS.accountUpdatesMulti, { run: answerUpdatesMulti, idAt: 1 }],
  // It was told once.
  [REQUESTS.cancelAccountUpdatesMulti, { run: nothing }],
  [REQUESTS.historicalData, { run: answerHistory, idAt: 0 }],
  // It was answered whole.
  [REQUESTS.cancelHistoricalData, { run: nothing }],
  // Prices are live, whatever kind is asked for, and nothing is logged.
  [REQUESTS.marketDataType, { run: nothing, isLocal: true }],
  [REQUESTS.setLogLevel, { run: nothing, isLocal: true }],
  [REQUESTS.autoOpenOrders, { run: nothing, isLocal: true }],
  [REQUESTS.managedAccounts, { run: tellAccounts, isLocal: true }],
  [REQUESTS.currentTime, { run: tellTime, isLocal: true }],
]);

function cancelSummary({ subscriptions }: Session, fields: FieldReader): void {
  fields.skip(1);
  subscriptions.summaries.delete(fields.int());
}

/** managedAccounts: the numbers, with commas. */
export function tellAccounts(session: Session): void {
  const numbers = session.accounts().map(({ number }) => number);
  session.send([ANSWERS.managedAccounts, 1, numbers.join(',')]);
}

function tellTime(session: Session): void {
  session.send([ANSWERS.currentTime, 1, Math.floor(session.venue.clock.now() / 1000)]);
}
