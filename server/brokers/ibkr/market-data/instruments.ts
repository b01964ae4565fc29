import { type ContractDetails, EventName, SecType } from '@stoqey/ib';
import { DeskError } from '@/domain/errors';
import type { Asset } from '@/domain/market/asset';
import type { MarketClock } from '@/domain/market/session';
import type { InstrumentProvider } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { Gateway } from '../gateway/gateway';
import type { Asking } from '../gateway/requests';
import { contractOf, symbolOf } from '../wire/contracts';
import { readHours, type Session } from './trading-hours';

/** The share whose hours are those of the market. */
const CLOCK_SYMBOL = 'SPY';
const HOURS_KEEP_MS = 10 * 60_000;

/** Contracts by name; IB cannot list everything that it trades, so each is looked up when it is asked for. */
export function ibkrInstruments(gateway: Gateway, clock: Clock): InstrumentProvider {
  let hours: { at: number; sessions: Session[] } | null = null;

  /** What IB has under a symbol; none when it knows no such name. */
  async function detailsOf(symbol: string): Promise<ContractDetails[]> {
    try {
      return await gateway.ask('the contract', (asking: Asking<ContractDetails[]>) => {
        askDetails(asking, symbol);
      });
    } catch (error) {
      if (error instanceof DeskError && error.code === 'not_found') return [];
      throw error;
    }
  }

  async function sessions(): Promise<Session[]> {
    const now = clock.now();
    if (hours !== null && now - hours.at < HOURS_KEEP_MS) return hours.sessions;
    const [found] = await detailsOf(CLOCK_SYMBOL);
    const read = readHours(found?.liquidHours ?? '', found?.timeZoneId ?? '');
    if (read.length === 0)
      throw new DeskError('broker_error', 'Interactive Brokers did not tell the hours of the market.');
    hours = { at: now, sessions: read };
    return read;
  }

  return {
    listing: {
      whole: false,
      async find(symbol) {
        const found = (await detailsOf(symbol)).find(({ contract }) => symbolOf(contract) === symbol);
        return found === undefined ? null : assetOf(symbol, found);
      },
      search: (query) =>
        gateway.ask('matching symbols', (asking: Asking<Asset[]>) => askMatching(asking, query)),
    },
    async contract(symbol) {
      const found = (await detailsOf(symbol)).find(({ contract }) => symbolOf(contract) === symbol);
      const day = /^(\d{4})(\d{2})(\d{2})/.exec(found?.contract.lastTradeDateOrContractMonth ?? '');
      if (found === undefined || day === null) return null;
      return { symbol, expiresOn: `${day[1]}-${day[2]}-${day[3]}`, tradable: true };
    },
    async clock(): Promise<MarketClock> {
      const now = clock.now();
      const all = await sessions();
      const current = all.find(({ opensAt, closesAt }) => opensAt <= now && now < closesAt);
      const next = all.find(({ opensAt }) => opensAt > now);
      const closing = current ?? next;
      if (closing === undefined)
        throw new DeskError('broker_error', 'Interactive Brokers did not tell the next session.');
      return {
        now: clock.iso(now),
        isOpen: current !== undefined,
        nextOpen: clock.iso(next?.opensAt ?? closing.closesAt),
        nextClose: clock.iso(closing.closesAt),
      };
    },
  };
}

function askDetails({ api, reqId, done, after }: Asking<ContractDetails[]>, symbol: string): void {
  const found: ContractDetails[] = [];
  const take = (id: number, details: ContractDetails) => {
    if (id === reqId) found.push(details);
  };
  const end = (id: number) => {
    if (id === reqId) done(found);
  };
  api.on(EventName.contractDetails, take);
  api.on(EventName.contractDetailsEnd, end);
  after(() => {
    api.off(EventName.contractDetails, take);
    api.off(EventName.contractDetailsEnd, end);
  });
  api.reqContractDetails(reqId, contractOf(symbol));
}

function askMatching({ api, reqId, done, after }: Asking<Asset[]>, query: string): void {
  const take = (id: number, samples: { contract?: ContractDetails['contract'] }[]) => {
    if (id !== reqId) return;
    done(
      samples.flatMap(({ contract }): Asset[] => {
        if (contract?.secType !== SecType.STK) return [];
        const symbol = symbolOf(contract);
        if (symbol === null || !/^[A-Z]{1,6}(\.[A-Z]{1,2})?$/.test(symbol)) return [];
        const name = contract.description || symbol;
        return [{ symbol, name, exchange: contract.primaryExch ?? '', ...TRADED }];
      }),
    );
  };
  api.on(EventName.symbolSamples, take);
  after(() => api.off(EventName.symbolSamples, take));
  api.reqMatchingSymbols(reqId, query);
}

/** Whether shares can be borrowed IB says only when an order asks for them; parts of a share this desk does not send. */
const TRADED = { tradable: true, shortable: true, fractionable: false };

const assetOf = (symbol: string, { longName, contract }: ContractDetails): Asset => ({
  symbol,
  name: longName || symbol,
  exchange: contract.primaryExch || contract.exchange || '',
  ...TRADED,
});
