import { isNode, visit } from './imports-of.mjs';

/** Reads of the world that no argument carried in. */
const MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'process.env',
]);

/**
 * Finds ambient time, chance and environment: `Date.now()`, `new Date()` without an argument, `Math.random()`,
 * `process.env` and their like.
 * @param {unknown} tree
 * @param {string} source
 * @returns {{ what: string, line: number }[]}
 */
export function ambientUses(tree, source) {
  /** @type {{ what: string, line: number }[]} */
  const found = [];
  const bytes = Buffer.from(source);
  visit(tree, (node) => {
    for (const what of ambientIn(node)) found.push({ what, line: lineOf(node, bytes) });
  });
  return found;
}

/** @param {Record<string, unknown>} node @returns {string[]} */
function ambientIn(node) {
  switch (node['type']) {
    case 'MemberExpression': {
      const name = `${nameOf(node['object'])}.${nameOf(node['property'])}`;
      return MEMBERS.has(name) ? [name] : [];
    }
    case 'VariableDeclarator':
      return keysOf(node['id'])
        .map((key) => `${nameOf(node['init'])}.${key}`)
        .filter((name) => MEMBERS.has(name));
    case 'NewExpression': {
      const args = node['arguments'];
      const empty = !Array.isArray(args) || args.length === 0;
      return empty && nameOf(node['callee']) === 'Date' ? ['new Date()'] : [];
    }
    case 'CallExpression':
      return nameOf(node['callee']) === 'Date' ? ['Date()'] : [];
    default:
      return [];
  }
}

/** The keys of `const { a, b: c } = …`. @param {unknown} pattern @returns {string[]} */
function keysOf(pattern) {
  if (!isNode(pattern) || !Array.isArray(pattern['properties'])) return [];
  return pattern['properties'].map((property) => (isNode(property) ? nameOf(property['key']) : ''));
}

/** `Date`, `globalThis.Date` and `globalThis['Date']` are the same thing. @param {unknown} node @returns {string} */
function nameOf(node) {
  if (!isNode(node)) return '';
  switch (node['type']) {
    case 'Identifier':
    case 'StringLiteral':
      return String(node['value']);
    case 'Computed':
      return nameOf(node['expression']);
    case 'MemberExpression':
      return /^(?:globalThis|window|self)$/.test(nameOf(node['object'])) ? nameOf(node['property']) : '';
    default:
      return '';
  }
}

/** The parser counts bytes, from 1. @param {Record<string, unknown>} node @param {Buffer} bytes */
function lineOf(node, bytes) {
  const span = node['span'];
  const start = isNode(span) ? Number(span['start']) : 1;
  return bytes
    .subarray(0, start - 1)
    .toString('utf8')
    .split('\n').length;
}
