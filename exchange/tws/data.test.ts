import {
  type Contract,
  type ContractDetails,
  EventName,
  OptionType,
  OrderAction,
  OrderType,
  SecType,
} from '@stoqey/ib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, stock, TwsProgram } from './testing/tws-world';

let world: Awaited<ReturnType<typeof startWorld>>;
let program: TwsProgram;
beforeAll(async () => {
  world = await startWorld();
  program = await TwsProgram.open(world.port);
});
afterAll(async () => {
  await program.close();
  await world.exchange.close();
});

let reqId = 100;

async function details(contract: Contract): Promise<ContractDetails[]> {
  reqId += 1;
  const id = reqId;
  const found: ContractDetails[] = [];
  let done = false;
  const hear = (of: number, one: ContractDetails): void => {
    if (of === id) found.push(one);
  };
  program.api.on(EventName.contractDetails, hear);
  program.api.once(EventName.contractDetailsEnd, () => void (done = true));
  program.api.reqContractDetails(id, contract);
  await program.until(() => done || program.errors.some((error) => error.id === id), 'contract details');
  program.api.off(EventName.contractDetails, hear);
  return found;
}

async function snapshot(contract: Contract): Promise<Map<number, number>> {
  reqId += 1;
  const id = reqId;
  const ticks = new Map<number, number>();
  let done = false;
  program.api.on(EventName.tickPrice, (of, type, value) => {
    if (of === id) ticks.set(type ?? -1, value ?? -1);
  });
  program.api.on(EventName.tickSize, (of, type, value) => {
    if (of === id) ticks.set(type ?? -1, value ?? -1);
  });
  program.api.once(EventName.tickSnapshotEnd, () => void (done = true));
  program.api.reqMktData(id, contract, '', true, false);
  await program.until(() => done, 'the end of the snapshot');
  return ticks;
}

describe('contracts', () => {
  test('a stock is found by its symbol, and again by its number', async () => {
    const [one, ...others] = await details(stock('AAPL'));
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      contract: { symbol: 'AAPL', secType: 'STK', currency: 'USD' },
      minTick: 0.01,
    });
    const again = await details({ conId: one?.contract.conId, exchange: 'SMART' });
    expect(again.map(({ contract }) => contract.symbol)).toEqual(['AAPL']);
  });

  test('an unknown symbol has no definition: 200', async () => {
    expect(await details(stock('NOSUCH'))).toEqual([]);
    expect(program.errors.at(-1)).toMatchObject({ id: reqId, code: 200 });
  });

  test('an option is found by what it is, by its local symbol and by its number; its quote has both sides', async () => {
    const chain = await details({
      symbol: 'SPY',
      secType: SecType.OPT,
      exchange: 'SMART',
      currency: 'USD',
      right: OptionType.Call,
    });
    expect(chain.length).toBeGreaterThan(100);
    const { contract: first } = chain[0] ?? { contract: {} };
    const { conId, localSymbol, strike, lastTradeDateOrContractMonth, right } = first;
    const named = { symbol: 'SPY', secType: SecType.OPT, exchange: 'SMART', currency: 'USD' };
    const ways: Contract[] = [
      { ...named, strike, right, lastTradeDateOrContractMonth },
      { secType: SecType.OPT, exchange: 'SMART', localSymbol },
      { conId, exchange: 'SMART' },
    ];
    for (const way of ways)
      expect((await details(way)).map(({ contract }) => contract.conId)).toEqual([conId]);
    expect(localSymbol).toMatch(/^SPY {3}\d{6}C\d{8}$/);
    const ticks = await snapshot({ conId, exchange: 'SMART' });
    expect(ticks.get(2)).toBeGreaterThan(0);
  });
});

describe('prices', () => {
  test('a snapshot has bid, ask, last and their sizes, and ends', async () => {
    const ticks = await snapshot(stock('SPY'));
    expect(ticks.get(1)).toBeLessThan(ticks.get(2) ?? 0);
    for (const type of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) expect(ticks.get(type)).toBeGreaterThan(0);
  });
});

describe('the account', () => {
  test('its summary has what was asked for', async () => {
    const seen = new Map<string, string>();
    let done = false;
    program.api.on(
      EventName.accountSummary,
      (_id, account, tag, value) => void seen.set(`${account}/${tag}`, value),
    );
    program.api.once(EventName.accountSummaryEnd, () => void (done = true));
    program.api.reqAccountSummary(7, 'All', 'NetLiquidation,TotalCashValue,BuyingPower,NoSuchTag');
    await program.until(() => done, 'the end of the summary');
    const [number] = program.accounts;
    expect(number).toMatch(/^DU\d{7}$/);
    expect(seen).toEqual(
      new Map([
        [`${number}/NetLiquidation`, '100000'],
        [`${number}/TotalCashValue`, '100000'],
        [`${number}/BuyingPower`, '400000'],
      ]),
    );
    program.api.cancelAccountSummary(7);
  });

  test('its positions are told, and told again when they change', async () => {
    const seen: [string | undefined, number, number | undefined][] = [];
    let done = false;
    program.api.on(
      EventName.position,
      (_account, contract, qty, cost) => void seen.push([contract.symbol, qty, cost]),
    );
    program.api.once(EventName.positionEnd, () => void (done = true));
    program.api.reqPositions();
    await program.until(() => done, 'the end of the positions');
    expect(seen).toEqual([]);
    const id = program.place(
      { action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 3 },
      stock('KO'),
    );
    const { averagePrice } = await program.status(id, 'Filled');
    await program.until(() => seen.length > 0, 'the position');
    expect(seen).toEqual([['KO', 3, averagePrice]]);
    program.api.cancelPositions();
  });
});
