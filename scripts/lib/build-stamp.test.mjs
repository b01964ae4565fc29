import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { clearStamp, hashInputs, isBuildInput, isFresh, writeStamp } from './build-stamp.mjs';

let root = '';

/** @param {string} path @param {string} text */
function put(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outcry-stamp-'));
  for (const path of ['server/main.ts', 'dist/main.js', 'dist/exchange.js', '.next/BUILD_ID']) put(path, 'a');
  writeStamp(root, hashInputs(root));
});

it('counts a stamped build with unchanged inputs as fresh', () => {
  expect(isFresh(root, hashInputs(root))).toBe(true);
});

it('sees a changed, an added, a removed and a renamed source', () => {
  put('server/main.ts', 'b');
  expect(isFresh(root, hashInputs(root))).toBe(false);
  put('server/main.ts', 'a');
  expect(isFresh(root, hashInputs(root))).toBe(true);
  put('newroom/a.ts', '');
  expect(isFresh(root, hashInputs(root))).toBe(false);
  rmSync(join(root, 'newroom'), { recursive: true });
  rmSync(join(root, 'server/main.ts'));
  expect(isFresh(root, hashInputs(root))).toBe(false);
  put('server/other.ts', 'a');
  expect(isFresh(root, hashInputs(root))).toBe(false);
});

it('goes by content, not by time', () => {
  const old = new Date(0);
  utimesSync(join(root, 'server/main.ts'), old, old);
  expect(isFresh(root, hashInputs(root))).toBe(true);
});

it('does not count a build that was killed before its end, or one whose output was removed', () => {
  clearStamp(root);
  expect(isFresh(root, hashInputs(root))).toBe(false);
  writeStamp(root, hashInputs(root));
  rmSync(join(root, '.next/BUILD_ID'));
  expect(isFresh(root, hashInputs(root))).toBe(false);
});

it('does not build again because the server wrote its data', () => {
  const before = hashInputs(root, './my-data');
  put('my-data/outcry.db', 'orders');
  expect(hashInputs(root, './my-data')).toBe(before);
  expect(hashInputs(root, join(root, 'my-data'))).toBe(before);
  expect(hashInputs(root, './other')).not.toBe(before);
});

it('builds a moved folder again', () => {
  expect(hashInputs(root)).not.toBe(hashInputs(`${root}/../${root.split('/').at(-1)}`));
});

it.each([
  ['app/page.tsx', true],
  ['db/migrations/0000_first.sql', true],
  ['public/logo.svg', true],
  ['next.config.js', true],
  ['tsconfig.json', true],
  ['package-lock.json', true],
  ['some-new-room/file.ts', true],
  ['server/orders/submit.test.ts', false],
  ['e2e/desk.spec.ts', false],
  ['docs/architecture.md', false],
  ['README.md', false],
  ['scripts/verify.mjs', false],
  ['vitest.config.ts', false],
  ['.gitignore', false],
])('%s is an input of the build: %s', (path, expected) => {
  expect(isBuildInput(path)).toBe(expected);
});
