import { timingSafeEqual } from 'node:crypto';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { DeskError } from '@/domain/errors';
import type { Container } from '@/server/container';
import { deskState } from '@/server/services/system/desk-state';
import type { Visit } from './respond';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * GET /metrics for Prometheus: from this machine, or anywhere with `Authorization: Bearer METRICS_TOKEN`. What the
 * desk's own gauges say is counted when they are asked for.
 */
export function createMetricsMount(desk: Container) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const drifted = gauge('outcry_accounts_drifted', "Accounts whose books differ from their broker's");
  const held = gauge(
    'outcry_accounts_held',
    'Accounts not settled since the start; no new order leaves them',
  );
  const stopped = gauge('outcry_accounts_stopped', 'Accounts whose own kill switch is on');
  const switches = gauge('outcry_kill_switches', 'Kill switches of users and of the desk that are on');
  const unprotected = gauge('outcry_positions_unprotected', 'Positions whose stop does not work');
  const refused = gauge(
    'outcry_accounts_keys_refused',
    'Accounts that are paused: their broker refuses their keys',
  );
  const orders = gauge('outcry_orders', 'Orders that are not over, by status', ['status']);
  const age = gauge(
    'outcry_oldest_order_in_flight_seconds',
    "Age of the oldest order without the venue's word",
  );
  const wait = gauge(
    'outcry_database_write_wait_p99_seconds',
    'How long 99 of 100 writes waited for those before them at most, since this was last asked',
  );
  const exchange = gauge('outcry_exchange_up', 'Whether the simulated exchange answers');

  async function collect(): Promise<void> {
    const state = await deskState(desk);
    drifted.set(state.driftedAccounts);
    held.set(desk.orderWatch.held);
    stopped.set(state.stoppedAccounts);
    switches.set(state.wideSwitches);
    unprotected.set(state.unprotectedPositions);
    refused.set(state.refusedAccounts);
    exchange.set(desk.exchange.up ? 1 : 0);
    const { waits } = desk.database;
    wait.set(waits.count === 0 ? 0 : waits.percentile(99) / 1e9);
    waits.reset();
    orders.reset();
    for (const { status, orders: open } of state.ordersByStatus) orders.set({ status }, open);
    const since = state.oldestInFlightAt;
    age.set(since === null ? 0 : (desk.clock.now() - Date.parse(since)) / 1000);
  }

  return {
    takes: (path: string) => path === '/metrics',
    async serve({ req, res }: Visit): Promise<void> {
      if (req.method !== 'GET') throw new DeskError('method_not_allowed', 'Metrics are read with GET.');
      if (!mayRead(desk.env.METRICS_TOKEN, req.headers.authorization, req.socket.remoteAddress)) {
        throw new DeskError('unauthenticated', 'Read the metrics from this machine, or send METRICS_TOKEN.');
      }
      await collect();
      const text = await registry.metrics();
      res.writeHead(200, { 'content-type': registry.contentType }).end(text);
    },
  };
}

function mayRead(token: string | undefined, sent: string | undefined, from: string | undefined): boolean {
  // Behind a proxy on this machine everyone comes from loopback: then only the token counts.
  if (token === undefined) return LOOPBACK.has(from ?? '');
  const [wanted, given] = [Buffer.from(`Bearer ${token}`), Buffer.from(sent ?? '')];
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}
