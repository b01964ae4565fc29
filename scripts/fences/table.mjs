/**
 * The one table of who may import whom. What is absent is refused; there is no list of exceptions.
 *
 * A room is named by the first pattern that its path matches, so the narrow rooms stand before the wide ones.
 * `(?<part>…)` in a pattern splits a room: a venue may not import another venue, a page's noun not another noun.
 * `imports` names rooms; "T:" before a name allows its types only. Every part may import itself.
 * `no` matches packages, Node's own modules included, that the room must not know.
 * `instead` is said to whoever imports the room without leave.
 *
 * @typedef {{
 *   name: string,
 *   path: RegExp,
 *   imports: readonly string[],
 *   no?: RegExp,
 *   instead?: string,
 * }} Room
 */

const NODE = 'node:';
const FRAMEWORK = /^(?:next|react|react-dom|next-auth|@trpc\/.*)(?:\/|$)/;
const BROWSER_NO = new RegExp(`^(?:${NODE}|ioredis|ws|pino|@libsql/|drizzle-orm|@alpacahq/)`);

const ANY_SERVER = [
  'server/env',
  'server/platform',
  'server/brokers/ports',
  'server/brokers/VENUE',
  'server/market-data',
  'server/services',
  'server/auth',
  'server/trpc',
  'server/routers',
  'server/container',
  'server/running',
  'server/front-door',
  'server/main',
  'manifest',
];

/** @type {readonly Room[]} */
export const ROOMS = [
  {
    name: 'domain',
    path: /^domain\//,
    imports: [],
    no: new RegExp(`${FRAMEWORK.source}|${BROWSER_NO.source}`),
    instead: 'copy nothing: ask for the value over HTTP',
  },
  { name: 'db', path: /^db\//, imports: ['domain'], instead: 'call a verb in server/services' },

  {
    name: 'server/env',
    path: /^server\/env\.ts$/,
    imports: [],
    instead: 'take the setting as an argument; server/container.ts reads the environment',
  },
  {
    name: 'server/platform',
    path: /^server\/platform\//,
    imports: ['domain', 'T:server/env'],
    no: FRAMEWORK,
    instead: 'take what you need through ctx',
  },
  {
    name: 'server/brokers/ports',
    path: /^server\/brokers\/ports(?:\.ts$|\/)/,
    imports: ['domain'],
    no: FRAMEWORK,
    instead: 'call a verb in server/services; only services and market-data know the ports, by type',
  },
  {
    name: 'server/brokers/VENUE',
    path: /^server\/brokers\/(?<part>[^/]+)\//,
    imports: ['domain', 'server/brokers/ports', 'server/platform', 'T:server/env'],
    no: FRAMEWORK,
    instead: 'depend on server/brokers/ports by type; only server/container.ts picks a venue',
  },
  {
    name: 'server/market-data',
    path: /^server\/market-data\//,
    imports: ['domain', 'T:server/brokers/ports', 'server/platform', 'T:server/env'],
    no: FRAMEWORK,
    instead: 'call a verb in server/services',
  },
  {
    name: 'server/services',
    path: /^server\/services\//,
    imports: ['domain', 'db', 'T:server/brokers/ports', 'server/market-data', 'server/platform'],
    no: FRAMEWORK,
    instead: 'call the procedure; a verb is reached through server/routers',
  },
  {
    name: 'server/auth',
    path: /^server\/auth\//,
    imports: ['domain', 'db', 'server/platform', 'server/services', 'T:server/env'],
    instead: 'take the Actor from ctx',
  },
  {
    name: 'server/trpc',
    path: /^server\/trpc\//,
    imports: [
      'domain',
      'server/auth',
      'server/platform',
      'server/container',
      'server/running',
      'T:server/services',
    ],
    instead: 'take what you need through ctx; errors have their codes in domain/errors',
  },
  {
    name: 'server/routers/root',
    path: /^server\/routers\/(?:root|caller)\.ts$/,
    imports: ['domain', 'server/trpc', 'server/services', 'server/routers', 'server/running'],
    instead: 'use components/trpc in the browser, and import AppRouter as a type',
  },
  {
    name: 'server/routers',
    path: /^server\/routers\//,
    imports: ['domain', 'server/trpc', 'server/services'],
    instead: 'import server/routers/root',
  },
  {
    name: 'server/container',
    path: /^server\/container(?:\.ts$|\/)/,
    imports: ['domain', 'db', ...ANY_SERVER, 'server/routers/root'],
    instead: 'take the part through ctx or as an argument',
  },
  {
    // Where Next's own copy of our modules finds the container that server/main built.
    name: 'server/running',
    path: /^server\/running\.ts$/,
    imports: ['T:server/container'],
    instead: 'take the part through ctx or as an argument',
  },
  {
    name: 'server/front-door',
    path: /^server\/front-door\//,
    imports: ['domain', 'db', ...ANY_SERVER, 'server/routers/root'],
    instead: 'nothing stands before the front door: move the shared part to server/platform',
  },
  {
    name: 'server/main',
    path: /^server\/(?:main|worker)\.ts$/,
    imports: ['domain', 'db', ...ANY_SERVER, 'server/routers/root'],
    instead: 'nothing imports the entry: move the shared part to its own room',
  },
  {
    name: 'server/testing',
    path: /^server\/testing\//,
    imports: ['domain', 'db', 'exchange', ...ANY_SERVER, 'server/routers/root', 'scripts/programs'],
    instead: 'use it in tests only',
  },

  { name: 'components/ui', path: /^components\/ui\//, imports: [], no: BROWSER_NO },
  {
    name: 'components/charts',
    path: /^components\/charts\//,
    imports: [],
    no: BROWSER_NO,
  },
  {
    name: 'components/i18n',
    path: /^components\/i18n\//,
    imports: [],
    no: new RegExp(`^(?:${NODE}|drizzle-orm|@libsql/)`),
    instead: 'take the text as a property',
  },
  {
    name: 'components/trpc',
    path: /^components\/trpc\//,
    imports: ['components/ui', 'domain', 'T:server/routers/root'],
    no: BROWSER_NO,
  },
  {
    name: 'components/NOUN',
    path: /^components\/(?<part>[^/]+)\//,
    imports: [
      'components/ui',
      'components/charts',
      'components/i18n',
      'components/trpc',
      'domain',
      'T:server/routers/root',
    ],
    no: BROWSER_NO,
    instead: 'compose the two nouns in app/, or move the shared primitive to components/ui',
  },

  {
    name: 'app/route-handlers',
    path: /^app\/(?:.*\/)?route\.ts$/,
    imports: [
      'domain',
      'server/auth',
      'server/trpc',
      'server/routers/root',
      'server/container',
      'server/running',
    ],
    no: /^(?:drizzle-orm|@libsql\/)/,
  },
  {
    name: 'app',
    path: /^app\//,
    imports: [
      'domain',
      'components/ui',
      'components/charts',
      'components/i18n',
      'components/trpc',
      'components/NOUN',
      'server/auth',
      'server/routers/root',
    ],
    no: /^(?:drizzle-orm|@libsql\/)/,
    instead: 'nothing imports a page: move the shared part to components/',
  },

  { name: 'client', path: /^client\//, imports: ['T:domain', 'T:server/routers/root'] },
  {
    name: 'exchange/control',
    path: /^exchange\/control(?:\.ts$|\/)/,
    imports: ['exchange'],
    instead: 'reach the exchange over HTTP, as the desk does',
  },
  {
    name: 'exchange/cli',
    path: /^exchange\/cli\.ts$/,
    imports: ['exchange', 'exchange/control'],
    instead: 'nothing imports the entry: move the shared part to its own file',
  },
  {
    name: 'exchange',
    path: /^exchange\//,
    imports: ['exchange/control'],
    instead: 'reach the exchange over HTTP, as the desk does; tests may use exchange/control',
  },
  { name: 'e2e', path: /^e2e\//, imports: ['exchange/control', 'T:domain'] },
  // Pure code may be timed by itself, and what starts a libSQL server and a Redis stands with the tests.
  {
    name: 'bench',
    path: /^bench\//,
    imports: ['e2e', 'exchange/control', 'domain', 'configuration', 'server/testing'],
  },
  {
    name: 'chaos',
    path: /^chaos\//,
    imports: ['e2e', 'exchange/control', 'T:domain', 'scripts/programs'],
    instead: 'drive the desk over HTTP and signals: its judge shares no code with it',
  },
  // Where programs that are not npm packages of ours are found: tests and chaos runs start them.
  {
    name: 'scripts/programs',
    path: /^scripts\/programs\//,
    imports: [],
    instead: 'only what starts processes for tests needs those programs',
  },
  {
    name: 'scripts',
    path: /^scripts\//,
    imports: [],
    instead: 'move the shared part to the room that needs it',
  },
  { name: 'manifest', path: /^package\.json$/, imports: [] },
  { name: 'configuration', path: /^[^/]+\.(?:[cm]?js|ts)$/, imports: [] },
];

/** What the tests of a room may import besides: they run against the real exchange, not against stubs. */
/** @type {readonly { of: RegExp, imports: readonly string[] }[]} */
export const TEST_IMPORTS = [
  { of: /^app(?:\/|$)/, imports: ['server/testing', 'server/running', 'app/route-handlers'] },
  {
    of: /^(?:server|db)(?:\/|$)/,
    imports: [
      'domain',
      'db',
      'exchange',
      'exchange/control',
      'server/testing',
      'server/routers/root',
      ...ANY_SERVER,
    ],
  },
];
