import { parseSync } from '@swc/core';

/**
 * @typedef {{ specifier: string, typeOnly: boolean }} Import
 * @typedef {Record<string, unknown>} Node
 */

/**
 * Parses one TypeScript or JavaScript source.
 * @param {string} path decides whether JSX is read
 * @param {string} source
 */
export function parseSource(path, source) {
  const tsx = path.endsWith('x');
  return parseSync(source, { syntax: 'typescript', tsx, target: 'es2022', decorators: true });
}

/**
 * Every way in which a module names another: import, export from, import(), require() and import('…').T.
 * @param {unknown} tree
 * @returns {Import[]}
 */
export function importsOf(tree) {
  /** @type {Import[]} */
  const found = [];
  visit(tree, (node) => {
    const seen = importIn(node);
    if (seen) found.push(seen);
  });
  return found;
}

/**
 * Calls `see` for every syntax node below `value`.
 * @param {unknown} value
 * @param {(node: Node) => void} see
 */
export function visit(value, see) {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
  } else if (isNode(value)) {
    see(value);
    for (const child of Object.values(value)) if (typeof child === 'object') visit(child, see);
  }
}

/** @param {Node} node @returns {Import | null} */
function importIn(node) {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = textOf(node['source']);
      return specifier === null ? null : { specifier, typeOnly: isErased(node) };
    }
    case 'TsImportType': {
      const specifier = textOf(node['argument']);
      return specifier === null ? null : { specifier, typeOnly: true };
    }
    case 'CallExpression': {
      const specifier = isLoad(node['callee']) ? firstText(node['arguments']) : null;
      return specifier === null ? null : { specifier, typeOnly: false };
    }
    default:
      return null;
  }
}

/** `import type …`, or every name in the braces is a type. A bare `import './x'` runs the module. @param {Node} node */
function isErased(node) {
  if (node['typeOnly'] === true) return true;
  const names = node['specifiers'];
  if (!Array.isArray(names) || names.length === 0) return false;
  return names.every((name) => isNode(name) && name['isTypeOnly'] === true);
}

/** @param {unknown} callee */
function isLoad(callee) {
  if (!isNode(callee)) return false;
  return callee['type'] === 'Import' || (callee['type'] === 'Identifier' && callee['value'] === 'require');
}

/** @param {unknown} list */
function firstText(list) {
  const first = Array.isArray(list) ? list[0] : null;
  return isNode(first) ? textOf(first['expression']) : null;
}

/** @param {unknown} node @returns {string | null} */
function textOf(node) {
  if (!isNode(node)) return null;
  if (node['type'] === 'StringLiteral' && typeof node['value'] === 'string') return node['value'];
  if (node['type'] !== 'TemplateLiteral') return null;
  const quasis = node['quasis'];
  const only = Array.isArray(quasis) && quasis.length === 1 ? quasis[0] : null;
  return isNode(only) && typeof only['cooked'] === 'string' ? only['cooked'] : null;
}

/** @param {unknown} value @returns {value is Node} */
export function isNode(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
