import { type Books, type BookOrder } from './books';
import { units } from './journal';

/** Statuses that say our no or the venue's at once: such an order need not exist there. */
const REFUSED = new Set(['denied', 'rejected']);
const ENDED = new Set(['filled', 'canceled', 'expired', 'rejected', 'replaced']);
const IN_FLIGHT = new Set(['submitting', 'unknown']);

/**
 * Every way in which what is believed differs from what is. Shares no code with the desk.
 */
export function judge(believed: Books, truth: Books, elsewhere: Elsewhere = NOWHERE): string[] {
  return [
    ...judgeOrders(believed, truth, elsewhere.disputed),
    ...judgeIntents(believed, truth, elsewhere.outside),
    ...judgeFills(believed, truth),
    ...judgeHoldings(believed, truth),
    ...judgeProtection(believed, truth),
  ];
}

/** Client order ids that the owner entered somewhere else, and those of them that were used here for another order. */
export type Elsewhere = { outside: readonly string[]; disputed: readonly string[] };
const NOWHERE: Elsewhere = { outside: [], disputed: [] };

function judgeOrders(believed: Books, truth: Books, disputed: readonly string[]): string[] {
  const problems: string[] = [];
  const theirs = new Map(truth.orders.map((order) => [order.clientOrderId, order]));
  const ours = new Map(believed.orders.map((order) => [order.clientOrderId, order]));
  if (ours.size !== believed.orders.length) problems.push('the books hold a client order id twice');
  if (theirs.size !== truth.orders.length) problems.push('the venue holds a client order id twice');
  for (const [id, order] of ours) {
    const real = theirs.get(id);
    if (disputed.includes(id)) problems.push(...judgeDisputed(order));
    else if (real === undefined) problems.push(...judgeAbsent(order));
    else if (!agrees(order.status, real.status))
      problems.push(`${id}: is ${real.status}, the books say ${order.status}`);
  }
  for (const id of theirs.keys()) {
    if (!ours.has(id)) problems.push(`${id}: at the venue and not in the books`);
  }
  return problems;
}

function judgeAbsent({ clientOrderId, status, hasReason, isUnsent }: BookOrder): string[] {
  if (status === 'canceled' && isUnsent === true) return [];
  if (REFUSED.has(status)) return hasReason ? [] : [`${clientOrderId}: ${status} without a reason`];
  if (status === 'needs_review' && hasReason) return [];
  return [`${clientOrderId}: the books say ${status}, the venue does not have it`];
}

/** Another's order under our id is not ours: nothing is adopted or sent again, and its owner is told. */
function judgeDisputed({ clientOrderId, status, hasReason }: BookOrder): string[] {
  if (status === 'needs_review' && hasReason) return [];
  return [`${clientOrderId}: is another order at the venue, the books say ${status}`];
}

function agrees(ours: string, theirs: string): boolean {
  if (theirs === 'open') return !ENDED.has(ours) && !IN_FLIGHT.has(ours) && ours !== 'needs_review';
  return ours === theirs;
}

/** Each intent is one order at most, and no order is nobody's. */
function judgeIntents({ intents, orders }: Books, truth: Books, outside: readonly string[]): string[] {
  if (intents === null) return [];
  const problems: string[] = [];
  const meant = new Set(outside);
  for (const { name, clientOrderId } of intents) {
    if (clientOrderId === null) continue;
    if (meant.has(clientOrderId)) problems.push(`${name}: shares ${clientOrderId} with another intent`);
    meant.add(clientOrderId);
    if (!orders.some((order) => order.clientOrderId === clientOrderId))
      problems.push(`${name}: was acknowledged as ${clientOrderId} and is not in the books`);
  }
  for (const { clientOrderId, isExit } of truth.orders) {
    if (isExit !== true && !meant.has(clientOrderId))
      problems.push(`${clientOrderId}: at the venue, and nobody meant it`);
  }
  return problems;
}

function judgeFills(believed: Books, truth: Books): string[] {
  const text = ({ executionId, qty, price }: Books['fills'][number]) =>
    `${executionId} ${units(qty, 9)} @ ${units(price, 6)}`;
  const left = new Map<string, number>();
  for (const fill of truth.fills) left.set(text(fill), (left.get(text(fill)) ?? 0) + 1);
  for (const fill of believed.fills) left.set(text(fill), (left.get(text(fill)) ?? 0) - 1);
  return [...left].flatMap(([fill, count]) => {
    if (count === 0) return [];
    return [
      count > 0 ? `execution ${fill} is not in the books` : `execution ${fill} is in the books, not real`,
    ];
  });
}

function judgeHoldings(believed: Books, truth: Books): string[] {
  const problems: string[] = [];
  if (believed.cash !== null && believed.cash !== truth.cash)
    problems.push(`cash is ${truth.cash}, the books say ${believed.cash}`);
  if (believed.ledgerCash !== null && believed.ledgerCash !== truth.cash)
    problems.push(`cash is ${truth.cash}, the ledger says ${believed.ledgerCash}`);
  const [ours, theirs] = [believed.positions, truth.positions];
  if (ours === null || theirs === null) return problems;
  for (const symbol of new Set([...ours.keys(), ...theirs.keys()])) {
    const [held, real] = [ours.get(symbol) ?? '0', theirs.get(symbol) ?? '0'];
    if (held !== real) problems.push(`${symbol}: ${real} billionths held, the books say ${held}`);
  }
  return problems;
}

function judgeProtection(believed: Books, truth: Books): string[] {
  const [told, real] = [believed.unprotected, truth.unprotected];
  if (told === null || real === null) return [];
  return [
    ...[...real]
      .filter((symbol) => !told.has(symbol))
      .map((symbol) => `${symbol}: lost its stop, and nobody was told`),
    ...[...told]
      .filter((symbol) => !real.has(symbol))
      .map((symbol) => `${symbol}: said to have no stop, and has one`),
  ];
}
