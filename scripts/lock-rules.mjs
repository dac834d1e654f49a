// What a complete package-lock.json is, and how to complete one: shared by the script and its test.

/**
 * The part of a lock's package entry that matters here.
 * @typedef {{
 *   version?: string, resolved?: string, optional?: boolean, dev?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string>,
 * }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 * @typedef {{ from: string, name: string, version: string }} MissingPackage
 */

const systems = new Set(
  'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' '),
);
const processors = new Set(
  'arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x wasm32 x64'.split(' '),
);
/** The last part of a binary's name names the C library, sometimes the whole ABI. */
const libraries = new Map([
  ['musl', 'musl'],
  ['musleabihf', 'musl'],
  ['gnu', 'glibc'],
  ['gnueabihf', 'glibc'],
]);

/**
 * The optional dependencies that the lock mentions and does not contain.
 * @param {Lock} lock
 * @returns {MissingPackage[]}
 */
export function missingOptional(lock) {
  return Object.entries(lock.packages).flatMap(([from, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !placesOf(from, name).some((place) => place in lock.packages))
      .map(([name, version]) => ({ from, name, version })),
  );
}

/**
 * The packages whose entry names the host they came from; a lock must work with any registry.
 * @param {Lock} lock
 * @returns {string[]}
 */
export function resolvedHosts(lock) {
  return Object.keys(lock.packages).filter((place) => lock.packages[place]?.resolved !== undefined);
}

/**
 * Enters each missing optional dependency at the top level, in the order npm writes.
 * @param {Lock} lock changed in place
 * @returns {MissingPackage[]} what was added
 */
export function completeLock(lock) {
  const missing = missingOptional(lock);
  for (const { from, name, version } of missing) {
    const { os, cpu, libc } = platformOf(name);
    // The order in which npm writes the fields, or the next `npm install` would change the file.
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[~^=v]+/, ''),
      ...(cpu === undefined ? {} : { cpu }),
      ...(lock.packages[from]?.dev === true ? { dev: true } : {}),
      ...(libc === undefined ? {} : { libc }),
      optional: true,
      ...(os === undefined ? {} : { os }),
    };
  }
  for (const place of resolvedHosts(lock)) delete lock.packages[place]?.resolved;
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
  );
  return missing;
}

/**
 * The systems a binary is for, read from its name: `@oxlint/binding-linux-arm64-musl`.
 * @param {string} name
 * @returns {Pick<LockedPackage, 'os' | 'cpu' | 'libc'>}
 */
export function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => systems.has(word));
  const cpu = words.filter((word) => processors.has(word));
  const libc = words.flatMap((word) => libraries.get(word) ?? []);
  return {
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(os.includes('linux') && libc.length > 0 ? { libc } : {}),
  };
}

/**
 * Where Node looks for a package, from the folder of the one that asks up to the root.
 * @param {string} from
 * @param {string} name
 */
function placesOf(from, name) {
  const places = [];
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, cut(folder)))) {
    places.push(`${folder === '' ? '' : `${folder}/`}node_modules/${name}`);
    if (folder === '') return places;
  }
}

/** @param {string} folder the place of a package, as a key of the lock */
function cut(folder) {
  return folder.lastIndexOf('/node_modules/');
}
