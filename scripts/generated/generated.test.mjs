import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../lib/repository.mjs';
import { configurationPage, envExample } from './configuration-pages.mjs';
import { generatedFiles } from './written-files.mjs';

const variables = {
  PORT: { description: 'Port to listen on.', default: 3000 },
  LOG_LEVEL: { description: 'a | b', enum: ['info', 'error'], default: 'info' },
  PUBLIC_URL: { description: 'Address of the desk.', example: 'https://desk.example.com' },
  KEY: { description: 'Seals keys.', secret: true, default: 'hunter2' },
};

it('writes every variable commented out, with its default or an example', () => {
  expect(envExample(variables)).toContain('# Port to listen on.\n#PORT=3000\n');
  expect(envExample(variables)).toContain('#PUBLIC_URL=https://desk.example.com\n');
});

it('writes a table that a bar in a description does not break', () => {
  expect(configurationPage(variables)).toContain('| `LOG_LEVEL` | a \\| b One of: info, error. | `info` |');
});

it('never writes the value of a secret', () => {
  expect(envExample(variables) + configurationPage(variables)).not.toContain('hunter2');
});

it('reads descriptions and defaults from a schema, coerced and optional ones too', async () => {
  const root = mkdtempSync(join(tmpdir(), 'outcry-env-'));
  mkdirSync(join(root, 'server'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(
    join(root, 'server/env.ts'),
    `import { z } from 'zod';
    export const envSchema = z.object({
      PORT: z.coerce.number().int().default(3000).meta({ description: 'Port.' }),
      TRUST: z.stringbool().default(false).meta({ description: 'Trust.' }),
      KEY: z.string().optional().meta({ description: 'Key.', secret: true }),
    });`,
  );
  const files = await generatedFiles(root);
  expect([...files.keys()]).toEqual(['.env.example', 'docs/reference/configuration.md']);
  const page = files.get('docs/reference/configuration.md');
  expect(page).toContain('| `PORT` | Port. | `3000` |');
  expect(page).toContain('| `TRUST` | Trust. | `false` |');
  expect(page).toContain('| `KEY` | Key. Secret. |  |');
});
