import { withinWrite } from '@/db/client';
import type { VenueOrderEvent } from '@/server/brokers/ports';
import type { AccountRecord } from '../../accounts/account-record';
import type { OrderNotice } from '../../context';
import { applyVenueOrder } from './apply-venue-order';
import type { SendContext } from './send-order';

/** Takes in what streams from a venue, an account's events one after another, in the order they came. */
export type EventIntake = (account: AccountRecord, event: VenueOrderEvent) => void;

/** One commit costs more than what it commits; so many events are as long as others should wait. */
const TOGETHER = 40;

export function createEventIntake(ctx: SendContext): EventIntake {
  const waiting = new Map<string, VenueOrderEvent[]>();

  async function drain(account: AccountRecord, events: VenueOrderEvent[]): Promise<void> {
    // What came in one piece is handed over one by one, before this goes on.
    await Promise.resolve();
    while (events.length > 0) await takeIn(ctx, account, events.splice(0, TOGETHER));
    waiting.delete(account.id);
  }

  return (account, event) => {
    const known = waiting.get(account.id);
    if (known !== undefined) {
      known.push(event);
      return;
    }
    const events = [event];
    waiting.set(account.id, events);
    void drain(account, events);
  };
}

async function takeIn(
  ctx: SendContext,
  account: AccountRecord,
  events: readonly VenueOrderEvent[],
): Promise<void> {
  // On a server each needs no lock by itself, and together they would hold it over all their round trips.
  const isFile = ctx.database.writeWhen === null;
  if (isFile && events.length > 1 && (await takeInTogether(ctx, account, events))) return;
  for (const { order, fills } of events) {
    try {
      await applyVenueOrder(ctx, account, order, fills);
    } catch (error) {
      ctx.log.error({ err: error, accountId: account.id }, 'an order event could not be taken in');
    }
  }
}

/** In one transaction, of which nobody hears before it is committed. False when nothing of it was. */
async function takeInTogether(
  ctx: SendContext,
  account: AccountRecord,
  events: readonly VenueOrderEvent[],
): Promise<boolean> {
  const told: [userId: string, notice: OrderNotice][] = [];
  const orderBus = {
    ...ctx.orderBus,
    publish: (userId: string, notice: OrderNotice) => told.push([userId, notice]),
  };
  try {
    await ctx.database.write(async (db) => {
      const within = { ...ctx, orderBus, database: withinWrite(ctx.database, db) };
      for (const { order, fills } of events) await applyVenueOrder(within, account, order, fills);
    });
  } catch (error) {
    ctx.log.warn({ err: error, accountId: account.id }, 'order events are taken in one by one');
    return false;
  }
  for (const [userId, notice] of told) ctx.orderBus.publish(userId, notice);
  return true;
}
