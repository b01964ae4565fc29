import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'cli.ts'), ...args], {
    encoding: 'utf8',
    timeout: 15_000,
  });

describe('the command line refuses with one line', () => {
  test.each([
    ['--port', 'abc'],
    ['--clock', 'sometimes'],
    ['--account', 'nosecret'],
    ['--fills', 'magic'],
    ['--nonsense', '1'],
    ['--data-dir', '/proc/nowhere'],
  ])('%s %s', (...args) => {
    const { status, stderr } = run('--port', '0', ...args);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^outcry-exchange: /);
  });
});

test('--help lists every flag and exits well', () => {
  const { status, stdout } = run('--help');
  expect(status).toBe(0);
  for (const flag of ['--port', '--seed', '--clock', '--account', '--control-token'])
    expect(stdout).toContain(flag);
});
