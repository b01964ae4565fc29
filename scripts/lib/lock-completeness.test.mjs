import { expect, it } from 'vitest';
import { missingPlatforms } from './lock-completeness.mjs';

it('names what npm left out, with the platform that the name says', () => {
  const entries = {
    '': {},
    'node_modules/a': {
      version: '1.0.0',
      dev: true,
      optionalDependencies: {
        '@a/linux-x64': '1.0.0',
        '@a/core-linux-arm64-musl': '1.0.0',
        '@a/core-win32-x64-msvc': '1.0.0',
      },
    },
    'node_modules/@a/linux-x64': { version: '1.0.0' },
  };
  expect([...missingPlatforms(entries)]).toEqual([
    [
      'node_modules/@a/core-linux-arm64-musl',
      { version: '1.0.0', os: ['linux'], cpu: ['arm64'], libc: ['musl'], dev: true, optional: true },
    ],
    [
      'node_modules/@a/core-win32-x64-msvc',
      { version: '1.0.0', os: ['win32'], cpu: ['x64'], dev: true, optional: true },
    ],
  ]);
});

it('finds a package beside the one that asks or above it, in workspaces too', () => {
  const optionalDependencies = { b: '1.0.0' };
  expect(
    missingPlatforms({ 'node_modules/a/node_modules/c': { optionalDependencies }, 'node_modules/b': {} })
      .size,
  ).toBe(0);
  expect(
    missingPlatforms({ 'node_modules/a': { optionalDependencies }, 'node_modules/a/node_modules/b': {} })
      .size,
  ).toBe(0);
  expect(missingPlatforms({ exchange: { optionalDependencies }, 'node_modules/b': {} }).size).toBe(0);
  expect(
    missingPlatforms({ 'node_modules/a': { optionalDependencies }, 'node_modules/c/node_modules/b': {} })
      .size,
  ).toBe(1);
});
