import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { listFiles } from '../lib/repository.mjs';

/** Whatever has a scheme or names a host is not ours to check. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;

/** @param {string} root @returns {Promise<string[]>} */
export async function checkDocsLinks(root) {
  const pages = listFiles(root).filter((path) => path.endsWith('.md'));
  /** @param {string} path */
  const read = (path) => readFileSync(join(root, path), 'utf8');
  return pages.flatMap((page) =>
    linksOf(read(page)).flatMap((link) => linkProblem(page, link, { root, read }) ?? []),
  );
}

/**
 * @param {string} page
 * @param {string} link
 * @param {{ root: string, read: (path: string) => string }} files
 */
function linkProblem(page, link, { root, read }) {
  if (ELSEWHERE.test(link)) return null;
  const [path = '', anchor = ''] = link.split('#');
  const target = path ? posix.join(posix.dirname(page), decodeURI(path)) : page;
  if (target.startsWith('..')) return `${page}: ${link} leaves the repository`;
  if (!existsSync(join(root, target))) return `${page}: ${link} does not exist`;
  if (!anchor || !target.endsWith('.md') || !statSync(join(root, target)).isFile()) return null;
  return anchorsOf(read(target)).has(decodeURIComponent(anchor)) ? null : `${page}: ${link} names no heading`;
}

/**
 * The targets of links, images, reference definitions and src/href attributes outside of code.
 * @param {string} markdown
 * @returns {string[]}
 */
export function linksOf(markdown) {
  const text = withoutCode(markdown);
  return [
    ...text.matchAll(/\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)?)>?(?:\s+["'(][^)]*)?\)/g),
    ...text.matchAll(/^ {0,3}\[[^\]^]+\]:\s*<?([^\s>]+)>?/gm),
    ...text.matchAll(/\b(?:src|href|srcset)\s*=\s*["']([^"'\s]+)["']/g),
  ].map((match) => match[1] ?? '');
}

/**
 * The anchors that a page's headings get on the forges: lower case, punctuation dropped, spaces to dashes, a
 * number behind the second of its kind.
 * @param {string} markdown
 * @returns {Set<string>}
 */
export function anchorsOf(markdown) {
  /** @type {Set<string>} */
  const anchors = new Set();
  for (const [, heading = ''] of withoutFences(markdown).matchAll(/^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/gm)) {
    const slug = heading
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let unique = slug;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  for (const [, id = ''] of markdown.matchAll(/<a\s+(?:id|name)\s*=\s*["']([^"']+)["']/g)) anchors.add(id);
  return anchors;
}

/** @param {string} markdown */
function withoutFences(markdown) {
  return markdown
    .replaceAll(/^ {0,3}(`{3,}|~{3,})[\s\S]*?^ {0,3}\1[^\n]*$/gm, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '');
}

/** @param {string} markdown */
function withoutCode(markdown) {
  return withoutFences(markdown).replaceAll(/(`+)[^`][\s\S]*?\1/g, '');
}
