import type { Terms } from '../senders/sender';
import type { Fault, World } from './fault';
import { booksOpened, far, market, mixedLoad } from './load';

/** The owner enters an order somewhere else; the desk's stream does not tell. */
async function elsewhere(world: World, { limitPrice, ...terms }: Terms, id: string): Promise<void> {
  const kind = limitPrice === null ? { type: 'market' } : { type: 'limit', limit_price: limitPrice };
  const order = { ...terms, ...kind, time_in_force: 'day', client_order_id: id };
  await world.control('POST', 'orders', { key_id: world.keyId, order });
}

const anId = (world: World, name: string) => `${name}-${world.keyId}-${world.random.whole(1, 1e9)}`;

export const INTAKE: readonly Fault[] = [
  {
    id: 'F15',
    title: 'the client order id is taken: by this very order, or by another',
    naive: 'insist',
    run: async (world) => {
      // An order that ends in review would keep them closed.
      await booksOpened(world);
      const isOther = world.random.next() < 0.5;
      const clientOrderId = anId(world, 'taken');
      const terms = { ...far(world.random), qty: '3' };
      await world.strike({ kind: 'stream', action: 'silence' });
      if (isOther) world.disputed.push(clientOrderId);
      await elsewhere(world, { ...terms, qty: isOther ? '4' : '3' }, clientOrderId);
      await world.sender.submit('taken', { ...terms, clientOrderId });
      await world.clear();
    },
  },
  {
    id: 'F18',
    title: 'one key fifty times at once, then with another body (F19)',
    naive: 'anew',
    run: async (world) => {
      await world.sender.repeat('same', market(world.random), 50);
      await mixedLoad(world, 'load');
    },
  },
  {
    id: 'F40',
    title: 'an order entered somewhere else',
    naive: 'anew',
    run: async (world) => {
      await world.sender.submit('own', far(world.random));
      const id = anId(world, 'elsewhere');
      world.outside.push(id);
      await elsewhere(world, market(world.random), id);
    },
  },
  {
    id: 'F20',
    title: 'one alert a hundred times at once, and once more a day later',
    naive: 'anew',
    run: async (world) => {
      await world.sender.alert('signal', market(world.random), 100);
      await mixedLoad(world, 'load');
    },
  },
];
