import { checkDeadCode, checkFormat, checkLint, checkScriptTypes, checkTypes } from './commands.mjs';
import { checkDocsLinks } from './docs-links.mjs';
import { checkFences } from './fences.mjs';
import { checkGenerated } from './generated.mjs';
import { checkSizes } from './sizes.mjs';
import { checkVersions } from './versions.mjs';

/**
 * The slow ones stand first, so that the pool is not left with one of them at the end.
 * @type {readonly (readonly [string, (root: string) => Promise<string[]>])[]}
 */
export const CHECKS = [
  ['types', checkTypes],
  ['lint', checkLint],
  ['dead code', checkDeadCode],
  ['script types', checkScriptTypes],
  ['format', checkFormat],
  ['import fences', checkFences],
  ['generated files', checkGenerated],
  ['sizes and names', checkSizes],
  ['versions', checkVersions],
  ['docs links', checkDocsLinks],
];
