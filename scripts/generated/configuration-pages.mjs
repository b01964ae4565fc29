/**
 * @typedef {string | number | boolean} Scalar
 * @typedef {{ description?: string, default?: Scalar, enum?: Scalar[], example?: Scalar, examples?: Scalar[],
 *   secret?: boolean }} Variable one property of the schema's JSON form, meta included
 * @typedef {Record<string, Variable>} Variables
 */

const NOTICE = 'Generated from server/env.ts by "npm run generate". Change it there.';

/** @param {Variables} variables @returns {string} .env.example */
export function envExample(variables) {
  const blocks = Object.entries(variables).map(([name, variable]) => {
    const lines = wrap(describe(variable), 100).map((line) => `# ${line}`);
    return [...lines, `#${name}=${shownValue(variable)}`].join('\n');
  });
  const head = `# Copy to .env and uncomment what you need. Nothing is required.\n# ${NOTICE}`;
  return `${[head, ...blocks].join('\n\n')}\n`;
}

/** @param {Variables} variables @returns {string} docs/reference/configuration.md */
export function configurationPage(variables) {
  const rows = Object.entries(variables).map(
    ([name, variable]) => `| \`${name}\` | ${cell(describe(variable))} | ${defaultCell(variable)} |`,
  );
  return [
    '# Configuration',
    '',
    `<!-- ${NOTICE} -->`,
    '',
    'Outcry reads these environment variables once, when it starts. A value that does not fit stops the start with',
    'one line that names the variable; values are never printed.',
    '',
    '| Variable | Meaning | Default |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** @param {Variable} variable */
function describe({ description, secret, enum: choices }) {
  const parts = [description?.trim() ?? ''];
  if (choices) parts.push(`One of: ${choices.join(', ')}.`);
  if (secret) parts.push('Secret.');
  return parts.filter(Boolean).join(' ');
}

/** A secret never has a value in a file that people copy. @param {Variable} variable */
function shownValue({ secret, default: preset, example, examples }) {
  if (secret) return '';
  return String(preset ?? example ?? examples?.[0] ?? '');
}

/** @param {Variable} variable */
function defaultCell({ secret, default: preset, example, examples }) {
  if (preset !== undefined && preset !== '' && !secret) return `\`${cell(String(preset))}\``;
  const shown = example ?? examples?.[0];
  return shown === undefined || secret ? '' : `none; for example \`${cell(String(shown))}\``;
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

/** @param {string} text @param {number} width @returns {string[]} */
function wrap(text, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
