// @ts-check
// The part of the repository's lock file that belongs to the published package: what was tested is what is installed.

/** @typedef {{ version?: string, link?: boolean, resolved?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>, peerDependencies?: Record<string, string>, peerDependenciesMeta?: Record<string, { optional?: boolean }> }} Entry */
/** @typedef {{ name: string, version: string, lockfileVersion: number, packages: Record<string, Entry> }} Lock */

/** Where Node finds `name` for the package at `from`; undefined when it is not installed. @param {Lock} lock @param {string} from @param {string} name */
const find = (lock, from, name) => {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (lock.packages[path] !== undefined) return path
    if (folder === '') return undefined
    if (!folder.includes('/node_modules/')) folder = ''
    if (folder === '' && lock.packages[`node_modules/${name}`] !== undefined) return `node_modules/${name}`
  }
}

/** @param {Entry} entry */
const wantedBy = ({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) => ({
  must: [
    ...Object.keys(dependencies ?? {}),
    ...Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true),
  ],
  may: Object.keys(optionalDependencies ?? {}),
})

/**
 * Lock of one workspace alone, as `npm-shrinkwrap.json`. Packages that only the workspace has move up beside the shared ones.
 * @param {Lock} lock @param {string} workspace @param {{ name: string, version: string } & Entry} manifest @returns {Lock}
 */
export const shrinkwrapOf = (lock, workspace, manifest) => {
  const { name, version, dependencies, optionalDependencies } = manifest
  /** @type {Record<string, Entry>} */
  const packages = {
    '': {
      .../** @type {object} */ ({ name, version }),
      dependencies: dependencies ?? {},
      optionalDependencies: optionalDependencies ?? {},
    },
  }
  /** @type {[from: string, name: string, must: boolean][]} */
  const open = []
  /** @param {string} from @param {Entry} entry */
  const follow = (from, entry) => {
    const { must, may } = wantedBy(entry)
    open.push(...must.map((one) => /** @type {[string, string, boolean]} */ ([from, one, !may.includes(one)])))
    open.push(
      ...may
        .filter((one) => !must.includes(one))
        .map((one) => /** @type {[string, string, boolean]} */ ([from, one, false])),
    )
  }
  follow(workspace, { dependencies: dependencies ?? {}, optionalDependencies: optionalDependencies ?? {} })
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, wanted, must] = next
    const path = find(lock, from, wanted)
    if (path === undefined) {
      if (must) throw new Error(`the lock file has no ${wanted} for ${from}`)
      continue
    }
    const target = path.startsWith(`${workspace}/`) ? path.slice(workspace.length + 1) : path
    if (packages[target] !== undefined) {
      if (packages[target].version !== lock.packages[path]?.version) throw new Error(`two versions at ${target}`)
      continue
    }
    const { dev: _dev, ...entry } = /** @type {Entry & { dev?: boolean }} */ (lock.packages[path] ?? {})
    packages[target] = entry
    follow(path, entry)
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  return { name, version, lockfileVersion: lock.lockfileVersion, packages: sorted }
}
