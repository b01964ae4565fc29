import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configurationPage, envExample } from './configuration-pages.mjs';

/**
 * Everything that is written from another source, as path and content.
 * @param {string} root
 * @returns {Promise<Map<string, string>>}
 */
export async function generatedFiles(root) {
  const source = join(root, 'server/env.ts');
  if (!existsSync(source)) throw new Error('server/env.ts does not exist: there is nothing to generate from');
  const { tsImport } = await import('tsx/esm/api');
  const { z } = await import('zod');
  const { envSchema } = await tsImport(pathToFileURL(source).href, import.meta.url);
  /** @param {'input' | 'output'} io @returns {import('./configuration-pages.mjs').Variables} */
  const read = (io) =>
    JSON.parse(JSON.stringify(z.toJSONSchema(envSchema, { io, unrepresentable: 'any' }))).properties;
  const variables = read('input');
  // A default behind a transform (a boolean from text) is known on the output side only.
  for (const [name, { default: preset }] of Object.entries(read('output'))) {
    const variable = variables[name];
    if (variable && preset !== undefined) variable.default ??= preset;
  }
  return new Map([
    ['.env.example', envExample(variables)],
    ['docs/reference/configuration.md', configurationPage(variables)],
  ]);
}
