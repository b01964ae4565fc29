import { describe, expect, it } from 'vitest';
import { findCycles, nounEdges } from './cycles.mjs';
import { importGraph } from './import-graph.mjs';
import { judge } from './judge.mjs';

/** @param {Record<string, string>} files */
function graphOf(files) {
  return importGraph(Object.keys(files), (path) => files[path] ?? '');
}

/** @param {Record<string, string>} files */
function verdict(files) {
  return judge(graphOf(files));
}

/** One file of each room, which all export the same. */
const HOUSE = {
  'domain/money.ts': 'export const x = 1; export type X = number;',
  'db/schema/orders.ts': 'export const x = 1; export type X = number;',
  'server/env.ts': 'export const x = process.env; export type X = number;',
  'server/platform/clock.ts': 'export const x = 1; export type X = number;',
  'server/brokers/ports.ts': 'export const x = 1; export type X = number;',
  'server/brokers/alpaca/client.ts': 'export const x = 1; export type X = number;',
  'server/brokers/ibkr/client.ts': 'export const x = 1; export type X = number;',
  'server/market-data/hub.ts': 'export const x = 1; export type X = number;',
  'server/services/orders/submit-order.ts': 'export const x = 1; export type X = number;',
  'server/services/positions/list-positions.ts': 'export const x = 1; export type X = number;',
  'server/auth/actor.ts': 'export const x = 1; export type X = number;',
  'server/trpc/context.ts': 'export const x = 1; export type X = number;',
  'server/routers/root.ts': 'export const x = 1; export type X = number;',
  'server/routers/orders/router.ts': 'export const x = 1; export type X = number;',
  'server/container.ts': 'export const x = 1; export type X = number;',
  'server/running.ts': 'export const x = 1; export type X = number;',
  'exchange/cli.ts': 'export const x = process.env; export type X = number;',
  'server/front-door/server.ts': 'export const x = 1; export type X = number;',
  'server/main.ts': 'export const x = 1; export type X = number;',
  'components/ui/button.tsx': 'export const x = 1; export type X = number;',
  'components/charts/candles.tsx': 'export const x = 1; export type X = number;',
  'components/trpc/provider.tsx': 'export const x = 1; export type X = number;',
  'components/orders/ticket.tsx': 'export const x = 1; export type X = number;',
  'components/positions/table.tsx': 'export const x = 1; export type X = number;',
  'app/page.tsx': 'export const x = 1; export type X = number;',
  'exchange/book/book.ts': 'export const x = 1; export type X = number;',
  'exchange/control.ts': 'export const x = 1; export type X = number;',
  'e2e/orders.ts': 'export const x = 1; export type X = number;',
};

/** What a value import and a type import of `to` in a new file `from` are answered. */
/** @param {string} from @param {string} to */
function answers(from, to) {
  const specifier = `@/${to.replace(/\.tsx?$/, '')}`;
  const value = verdict({ ...HOUSE, [from]: `import { x } from '${specifier}'; console.log(x);` });
  const type = verdict({ ...HOUSE, [from]: `import type { X } from '${specifier}'; export type Y = X;` });
  return `${value.length === 0 ? 'value' : '-'} ${type.length === 0 ? 'type' : '-'}`;
}

const REFUSED = '- -';
const TYPES_ONLY = '- type';
const ALLOWED = 'value type';

describe('the table', () => {
  it.each([
    ['domain/new.ts', 'db/schema/orders.ts', REFUSED],
    ['domain/new.ts', 'server/platform/clock.ts', REFUSED],
    ['db/new.ts', 'domain/money.ts', ALLOWED],
    ['db/new.ts', 'server/platform/clock.ts', REFUSED],
    ['server/platform/new.ts', 'server/env.ts', TYPES_ONLY],
    ['server/services/orders/new.ts', 'server/env.ts', REFUSED],
    ['server/brokers/alpaca/new.ts', 'server/brokers/ports.ts', ALLOWED],
    ['server/brokers/alpaca/new.ts', 'server/brokers/ibkr/client.ts', REFUSED],
    ['server/brokers/alpaca/new.ts', 'db/schema/orders.ts', REFUSED],
    ['server/brokers/alpaca/new.ts', 'exchange/book/book.ts', REFUSED],
    ['server/market-data/new.ts', 'server/brokers/ports.ts', TYPES_ONLY],
    ['server/services/orders/new.ts', 'server/brokers/ports.ts', TYPES_ONLY],
    ['server/services/orders/new.ts', 'server/brokers/alpaca/client.ts', REFUSED],
    ['server/services/orders/new.ts', 'server/services/positions/list-positions.ts', ALLOWED],
    ['server/services/orders/new.ts', 'server/trpc/context.ts', REFUSED],
    ['server/services/orders/new.ts', 'server/container.ts', REFUSED],
    ['server/trpc/new.ts', 'server/services/orders/submit-order.ts', TYPES_ONLY],
    ['server/trpc/new.ts', 'server/running.ts', ALLOWED],
    ['server/services/orders/new.ts', 'server/running.ts', REFUSED],
    ['server/running.ts', 'server/container.ts', TYPES_ONLY],
    ['exchange/book/new.ts', 'exchange/cli.ts', REFUSED],
    ['server/routers/orders/new.ts', 'server/services/orders/submit-order.ts', ALLOWED],
    ['server/routers/orders/new.ts', 'db/schema/orders.ts', REFUSED],
    ['server/routers/orders/new.ts', 'server/brokers/ports.ts', REFUSED],
    ['server/front-door/new.ts', 'server/brokers/alpaca/client.ts', ALLOWED],
    ['server/auth/new.ts', 'server/main.ts', REFUSED],
    ['components/ui/new.tsx', 'domain/money.ts', REFUSED],
    ['components/orders/new.tsx', 'components/ui/button.tsx', ALLOWED],
    ['components/orders/new.tsx', 'components/positions/table.tsx', REFUSED],
    ['components/orders/new.tsx', 'server/routers/root.ts', TYPES_ONLY],
    ['components/orders/new.tsx', 'server/services/orders/submit-order.ts', REFUSED],
    ['app/new.tsx', 'components/orders/ticket.tsx', ALLOWED],
    ['app/new.tsx', 'server/container.ts', REFUSED],
    ['app/api/route.ts', 'server/container.ts', ALLOWED],
    ['app/api/route.ts', 'db/schema/orders.ts', REFUSED],
    ['client/index.ts', 'server/routers/root.ts', TYPES_ONLY],
    ['exchange/new.ts', 'domain/money.ts', REFUSED],
    ['e2e/new.ts', 'exchange/control.ts', ALLOWED],
    ['e2e/new.ts', 'exchange/book/book.ts', REFUSED],
    ['e2e/new.ts', 'server/main.ts', REFUSED],
    ['e2e/new.ts', 'domain/money.ts', TYPES_ONLY],
  ])('answers %s importing %s with %s', (from, to, answer) => {
    expect(answers(from, to)).toBe(answer);
  });

  it('finds nothing wrong with the house itself', () => {
    expect(verdict(HOUSE)).toEqual([]);
  });

  it('refuses a file that is in no room', () => {
    expect(verdict({ 'server/misc/thing.ts': "import 'zod';" })).toEqual([
      'server/misc/thing.ts: no room in the table has this path; see docs/architecture.md',
    ]);
  });

  it('says where to go instead', () => {
    const [line] = verdict({ ...HOUSE, 'server/routers/a.ts': "import '@/db/schema/orders';" });
    expect(line).toBe(
      'server/routers/a.ts imports db/schema/orders.ts: server/routers may not import it; instead: call a verb in server/services',
    );
  });

  it('lets a server test start the exchange, and the code beside it not', () => {
    const source = "import { x } from '@outcry/exchange/control'; console.log(x);";
    expect(verdict({ ...HOUSE, 'server/auth/a.test.ts': source })).toEqual([]);
    expect(verdict({ ...HOUSE, 'server/auth/a.ts': source })).toHaveLength(1);
    expect(verdict({ ...HOUSE, 'domain/a.test.ts': source })).toHaveLength(1);
  });

  it('keeps frameworks out of the verbs and Node out of the browser', () => {
    expect(
      verdict({ 'server/services/a/b.ts': "import { cookies } from 'next/headers'; cookies();" }),
    ).toHaveLength(1);
    expect(verdict({ 'components/ui/a.tsx': "import { readFile } from 'node:fs'; readFile;" })).toHaveLength(
      1,
    );
    expect(verdict({ 'domain/a.ts': "import { z } from 'zod'; z;" })).toEqual([]);
  });
});

describe('the parser', () => {
  it.each([
    ["import { x } from '@/db/schema/orders'; x;"],
    ["import '../db/schema/orders';"],
    ["import { type X, x } from '../db/schema/orders'; x;"],
    ["export { x } from '../db/schema/orders';"],
    ["export * from '../db/schema/orders.ts';"],
    ["const m = await import('../db/schema/orders'); m;"],
    ["const m = require('../db/schema/orders'); m;"],
    ['const m = await import(`@/db/schema/orders`); m;'],
    ["import type { X } from '../db/schema/orders'; export type Y = X;"],
    ["export type { X } from '../db/schema/orders';"],
    ["export type Y = import('../db/schema/orders').X;"],
    ["const f = <T,>(t: T) => <b>{String(t)}</b>; import { x } from '@/db/schema/orders'; f(x);"],
  ])('sees through %s', (source) => {
    expect(verdict({ ...HOUSE, 'app/new.tsx': source })).toHaveLength(1);
  });

  it.each([
    ["import { type X, type Z } from '@/server/routers/root';"],
    ["export type { X } from '@/server/routers/root';"],
    ["export type Y = import('@/server/routers/root').X;"],
  ])('counts %s as types only', (source) => {
    expect(verdict({ ...HOUSE, 'components/orders/new.tsx': source })).toEqual([]);
  });

  it('fails on a file that it cannot read instead of passing it', () => {
    expect(verdict({ 'domain/a.ts': 'import {' })[0]).toMatch(/^domain\/a\.ts: cannot be parsed/);
  });
});

describe('ambient state', () => {
  it.each([
    ['Date.now()', 'Date.now'],
    ['new Date()', 'new Date()'],
    ["Math['random']()", 'Math.random'],
    ['globalThis.Date.now()', 'Date.now'],
    ['const { random } = Math', 'Math.random'],
  ])('finds %s in a verb, with its line', (source, what) => {
    const [line] = verdict({ 'server/services/a/b.ts': `// é\n\n${source};` });
    expect(line).toContain(`server/services/a/b.ts:3 uses ${what}`);
  });

  it('allows a clock in the platform, a date made from a value, and both in tests', () => {
    expect(verdict({ 'server/platform/clock.ts': 'Date.now();' })).toEqual([]);
    expect(verdict({ 'domain/time.ts': 'new Date(0);' })).toEqual([]);
    expect(verdict({ 'domain/time.test.ts': 'new Date();' })).toEqual([]);
  });

  it('lets only server/env.ts and settings read the environment', () => {
    expect(verdict({ 'server/env.ts': 'process.env;', 'next.config.js': 'process.env;' })).toEqual([]);
    expect(verdict({ 'server/platform/logger.ts': 'process.env.LEVEL;' })).toHaveLength(1);
    expect(verdict({ 'components/ui/a.tsx': 'const { env } = process;' })).toHaveLength(1);
  });
});

describe('cycles', () => {
  it('finds a circle of files once and ignores one made of types', () => {
    const files = {
      'domain/a.ts': "import { b } from './b'; b;",
      'domain/b.ts': "import { c } from './c'; c;",
      'domain/c.ts': "import { a } from './a'; a;",
    };
    expect(findCycles(graphOf(files).edges)).toEqual([
      ['domain/a.ts', 'domain/b.ts', 'domain/c.ts', 'domain/a.ts'],
    ]);
    const erased = { ...files, 'domain/c.ts': "import type { A } from './a'; export type C = A;" };
    expect(findCycles(graphOf(erased).edges)).toEqual([]);
  });

  it('finds two nouns of the services that need each other', () => {
    const files = {
      'server/services/orders/a.ts': "import '../positions/a';",
      'server/services/positions/a.ts': '',
      'server/services/positions/b.ts': "import '../orders/b';",
      'server/services/orders/b.ts': '',
    };
    const { edges } = graphOf(files);
    expect(findCycles(edges)).toEqual([]);
    expect(findCycles(nounEdges(edges))).toHaveLength(1);
  });
});
