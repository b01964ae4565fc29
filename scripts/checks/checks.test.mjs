import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, checkDocsLinks, linksOf } from './docs-links.mjs';
import { checkFences } from './fences.mjs';
import { staleness } from './generated.mjs';
import { LIMITS, sizeProblems } from './sizes.mjs';
import { floorProblems, rangeProblems } from './versions.mjs';

/** @param {Record<string, string>} files */
function tree(files) {
  const root = mkdtempSync(join(tmpdir(), 'outcry-checks-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('sizes', () => {
  /** @param {string} path @param {number} lines */
  const long = (path, lines) => sizeProblems([path], () => lines);

  it('refuses the first line over the limit, and allows tests more', () => {
    expect(long('server/a.ts', LIMITS.lines)).toEqual([]);
    expect(long('server/a.ts', LIMITS.lines + 1)).toHaveLength(1);
    expect(long('server/a.test.ts', LIMITS.testLines)).toEqual([]);
    expect(long('server/a.test.ts', LIMITS.testLines + 1)).toHaveLength(1);
    expect(long('db/migrations/meta/a.ts', 5_000)).toEqual([]);
    expect(long('README.md', 5_000)).toEqual([]);
  });

  it('counts the files of a folder without its tests', () => {
    const files = Array.from({ length: LIMITS.filesInFolder }, (_, n) => `server/a/f${n}.ts`);
    const none = () => 1;
    expect(sizeProblems([...files, 'server/a/f1.test.ts', 'server/a/b/c.ts'], none)).toEqual([]);
    expect(sizeProblems([...files, 'server/a/more.css'], none)).toHaveLength(1);
  });

  it('limits the depth, more generously below app/', () => {
    expect(long('a/b/c/d/e/f.ts', 1)).toEqual([]);
    expect(long('a/b/c/d/e/f/g.ts', 1)).toHaveLength(1);
    expect(long('app/b/c/d/e/f/g/h.ts', 1)).toEqual([]);
    expect(long('app/b/c/d/e/f/g/h/i.ts', 1)).toHaveLength(1);
  });

  it.each(['server/utils.ts', 'components/ui/helpers.tsx', 'server/common/a.ts', 'domain/utils/a.ts'])(
    'refuses the name %s',
    (path) => {
      expect(long(path, 1)).toHaveLength(1);
    },
  );
});

describe('versions', () => {
  it('finds an old copy wherever it is nested, and says why it matters', () => {
    const lock = {
      packages: {
        '': { version: '0.1.0' },
        'node_modules/next': { version: '16.4.6' },
        'node_modules/x/node_modules/ws': { version: '8.20.0' },
        'node_modules/not-next': { version: '1.0.0' },
      },
    };
    expect(floorProblems(lock)).toEqual([
      'node_modules/x/node_modules/ws is 8.20.0, at least 8.21.0: CVE-2026-45736: denial of service',
    ]);
  });

  it.each(['^1.0.0', '~1.0.0', '*', 'latest', '>=1', '1.x'])('refuses the range %s', (range) => {
    expect(rangeProblems('package.json', { dependencies: { a: range } })).toHaveLength(1);
  });

  it('accepts exact versions, pre-releases included', () => {
    expect(rangeProblems('package.json', { devDependencies: { a: '1.2.3', b: '5.0.0-beta.32' } })).toEqual(
      [],
    );
  });
});

describe('docs links', () => {
  it('finds files and headings that do not exist', async () => {
    const root = tree({
      'README.md':
        '# One\n[a](docs/a.md) [b](docs/none.md) [c](docs/a.md#two-words) [d](docs/a.md#nothing) [e](#one)',
      'docs/a.md':
        '# Two words!\n[up](../README.md) [out](../../secret.md) ![i](images/x.png) <img src="images/y.png">',
    });
    expect(await checkDocsLinks(root)).toEqual([
      'README.md: docs/none.md does not exist',
      'README.md: docs/a.md#nothing names no heading',
      'docs/a.md: ../../secret.md leaves the repository',
      'docs/a.md: images/x.png does not exist',
      'docs/a.md: images/y.png does not exist',
    ]);
  });

  it('leaves code and other hosts alone, and reads reference definitions', () => {
    const page = '```\n[no](x.md)\n```\n`[no](y.md)` [site](https://example.com) [ref]\n\n[ref]: z.md\n';
    expect(linksOf(page)).toEqual(['https://example.com', 'z.md']);
  });

  it('names headings as the forges do', () => {
    const page =
      '# `npm start` & friends\n## Life of a quote\n## Life of a quote\n## 快速开始\n```\n# no heading\n```\n';
    expect([...anchorsOf(page)]).toEqual([
      'npm-start--friends',
      'life-of-a-quote',
      'life-of-a-quote-1',
      '快速开始',
    ]);
  });
});

describe('generated files', () => {
  it('shows the first line that differs', () => {
    expect(staleness('a', 'x\ny\n', 'x\ny\n')).toEqual([]);
    expect(staleness('a', null, 'x')).toEqual(['a: missing']);
    expect(staleness('a', 'x\nold\n', 'x\nnew\n')).toEqual([
      'a:2: stale',
      '  is:        old',
      '  should be: new',
    ]);
  });
});

describe('fences on a real folder', () => {
  it('catches a planted import, and nothing once it is gone', async () => {
    const files = {
      'db/schema/orders.ts': 'export const orders = 1;',
      'components/orders/ticket.tsx':
        "import { orders } from '@/db/schema/orders';\nexport const T = () => <b>{orders}</b>;",
    };
    expect(await checkFences(tree(files))).toEqual([
      'components/orders/ticket.tsx imports db/schema/orders.ts: components/NOUN (orders) may not import it; instead: call a verb in server/services',
    ]);
    expect(await checkFences(tree({ ...files, 'components/orders/ticket.tsx': 'export {};' }))).toEqual([]);
  });
});
