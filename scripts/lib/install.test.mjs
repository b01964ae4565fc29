import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInstalled, lockSatisfied } from './install.mjs';
import { isAtLeast, nodeVersionProblem } from './node-version.mjs';

const lock = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/only-on-a-mac': { version: '1.0.0', optional: true },
    'node_modules/@outcry/exchange': { link: true },
  },
};

/** @param {string} root @param {unknown} content */
function writeLock(root, content) {
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(content));
}

describe('node_modules', () => {
  it('satisfies a lock that it agrees with, packages of other platforms aside', () => {
    expect(lockSatisfied(lock, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true);
    expect(lockSatisfied(lock, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
    expect(lockSatisfied(lock, { packages: {} })).toBe(false);
  });

  it('is installed by hand, then by stamp, and no more when the lock changes or a folder is new', () => {
    const root = mkdtempSync(join(tmpdir(), 'outcry-install-'));
    writeLock(root, lock);
    expect(isInstalled(root)).toBe(false);
    mkdirSync(join(root, 'node_modules'));
    expect(isInstalled(root)).toBe(false);
    writeFileSync(
      join(root, 'node_modules/.package-lock.json'),
      JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
    );
    expect(isInstalled(root)).toBe(true);
    rmSync(join(root, 'node_modules/.package-lock.json'));
    expect(isInstalled(root)).toBe(true);
    writeLock(root, { packages: { ...lock.packages, 'node_modules/b': { version: '1.0.0' } } });
    expect(isInstalled(root)).toBe(false);
  });
});

describe('versions', () => {
  it.each([
    ['20.19.0', '20.19', true],
    ['22.1.0', '20.19', true],
    ['20.18.9', '20.19', false],
    ['18.20.4', '20.19', false],
    ['16.3.3', '16.3.3', true],
    ['16.3.10', '16.3.9', true],
    ['16.3.3-canary.1', '16.3.3', false],
  ])('%s is at least %s: %s', (version, floor, expected) => {
    expect(isAtLeast(version, floor)).toBe(expected);
  });

  it('says in one line which Node is needed', () => {
    expect(nodeVersionProblem('20.20.2', '>=20.19')).toBeNull();
    expect(nodeVersionProblem('18.0.0', '>=20.19')).toMatch(
      /^Outcry needs Node 20\.19 or newer; this is Node 18\.0\.0\.[^\n]*$/,
    );
  });
});
