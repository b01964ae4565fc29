/**
 * @typedef {{ version?: string, optional?: boolean, dev?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string>, peerDependenciesMeta?: Record<string, { optional?: boolean }> }} Entry
 * @typedef {Record<string, Entry>} Entries the `packages` of package-lock.json, by path
 */

const OS = /(?:^|-)(darwin|win32|linux|android|freebsd|openharmony|sunos|aix)(?=-|$)/;
const CPU = /-(x64|arm64|arm|ia32|ppc64|s390x|riscv64|loong64|mips64el|wasm32)(?=-|$)/;

/**
 * Native packages come as one optional package for each platform. npm drops from the lock those that its registry
 * does not offer, and `npm ci` then refuses that lock. Answers what is missing.
 * @param {Entries} entries
 * @returns {Map<string, Entry>} the entries to add, by path
 */
export function missingPlatforms(entries) {
  /** @type {Map<string, Entry>} */
  const missing = new Map();
  for (const [path, entry] of Object.entries(entries)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isResolved(entries, path, name)) continue;
      missing.set(`node_modules/${name}`, {
        version,
        ...platformOf(name),
        ...(entry.dev ? { dev: true } : {}),
        optional: true,
      });
    }
  }
  return missing;
}

/**
 * Node looks for a package beside the one that asks, then one level up, and so on.
 * @param {Entries} entries
 * @param {string} path
 * @param {string} name
 */
function isResolved(entries, path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    if (entries[from ? `${from}/node_modules/${name}` : `node_modules/${name}`]) return true;
    if (!from.includes('/node_modules/')) return Boolean(entries[`node_modules/${name}`]);
  }
}

/** The names say the platform: `@swc/core-linux-arm64-musl`. @param {string} name */
function platformOf(name) {
  const os = OS.exec(name.split('/').at(-1) ?? '')?.[1];
  const cpu = CPU.exec(name)?.[1];
  const libc = /musl/.test(name) ? 'musl' : /-gnu/.test(name) ? 'glibc' : null;
  return {
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(os === 'linux' && libc ? { libc: [libc] } : {}),
  };
}
