import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSecrets } from './secrets';

let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'st-secrets-'));
  file = join(dataDir, 'secrets.json');
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('secrets are made once, for their owner only, and are the same ever after', () => {
  const first = loadSecrets(dataDir);
  expect(modeOf(file)).toBe('600');
  expect(loadSecrets(dataDir)).toEqual(first);
  expect(readdirSync(dataDir)).toEqual(['secrets.json']);
});

test('two installations share no secret', () => {
  const values = Object.values(loadSecrets(dataDir));
  rmSync(file);
  for (const value of Object.values(loadSecrets(dataDir))) expect(values).not.toContain(value);
  expect(new Set(values).size).toBe(values.length);
});

test('a folder that did not exist is made for its owner only', () => {
  const fresh = join(dataDir, 'new');
  loadSecrets(fresh);
  expect(modeOf(fresh)).toBe('700');
});

test('a file that others could read is closed to them', () => {
  loadSecrets(dataDir);
  chmodSync(file, 0o644);
  loadSecrets(dataDir);
  expect(modeOf(file)).toBe('600');
});

test.each([
  ['cut off', (text: string) => text.slice(0, 200)],
  ['empty', () => ''],
  ['of another shape', () => '{"sessionSecret":"short"}'],
  ['with a shorter master key', (text: string) => text.replace(/("masterKey": "[0-9a-f]{62})../, '$1')],
])('a file that is %s is refused in one line that shows none of it, and left as it is', (_title, damage) => {
  const secrets = loadSecrets(dataDir);
  const damaged = damage(readFileSync(file, 'utf8'));
  writeFileSync(file, damaged);
  let message = '';
  try {
    loadSecrets(dataDir);
  } catch (error) {
    message =
      error instanceof Error
        ? `${error.message}${error.cause instanceof Error ? error.cause.message : ''}`
        : '';
  }
  expect(message).toMatch(/^\S+secrets\.json is damaged; restore it from a backup[^\n]*$/);
  for (const secret of Object.values(secrets)) expect(message).not.toContain(secret.slice(0, 8));
  expect(readFileSync(file, 'utf8')).toBe(damaged);
});
