// @ts-check
// `npm run pack -w @aelf/chain`: builds the package as it is published, packaging/dist/aelf-<version>.tgz.
// Inside are the built program, its types and documents, and the source of its contracts; no tests, no development dependencies.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shrinkwrapOf } from './lockfile.mjs'

const packaging = dirname(dirname(fileURLToPath(import.meta.url)))
const chain = dirname(packaging)
const root = dirname(dirname(chain))
/** Where everything that is built here ends. */
export const output = join(packaging, 'dist')

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** @param {string} command @param {string[]} args @param {string} cwd */
export const runTool = (command, args, cwd) => {
  const done = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.status !== 0)
    throw new Error(`${command} ${args[0] ?? ''} ended with ${done.status ?? done.signal ?? done.error}`)
}

/** What is left of an entry of `imports` or `exports` without sources. @param {unknown} entry */
const builtOnly = (entry) => {
  if (typeof entry !== 'object' || entry === null) return entry
  const { '@aelf/source': _source, ...built } = /** @type {Record<string, unknown>} */ (entry)
  return built
}

/** @param {Record<string, unknown>} doors */
const doorsOf = (doors) =>
  Object.fromEntries(
    Object.entries(doors)
      .filter(([name]) => !name.includes('testing'))
      .map(([name, entry]) => [name, builtOnly(entry)]),
  )

/** @typedef {{ name: string, version: string, dependencies: Record<string, string>, imports: Record<string, unknown>, exports: Record<string, unknown> } & Record<string, any>} Manifest */

/** The manifest under the published name. @param {Manifest} manifest @returns {Manifest} */
export const publishedManifest = (manifest) => {
  const { name: _name, private: _private, scripts: _scripts, devDependencies: _dev, files: _files, ...rest } = manifest
  return { name: 'aelf', ...rest, imports: doorsOf(manifest['imports']), exports: doorsOf(manifest['exports']) }
}

/** Whether a built file belongs into the package. @param {string} path */
export const isShipped = (path) =>
  !/(^|\/)(testing|sim|chaos|fuzz)(\/|$)/.test(path) &&
  !/\.(map|tsbuildinfo)$/.test(path) &&
  !/\.(test|bench)\./.test(path)

/** Copies what was built. A map without its source would only mislead. @param {string} from @param {string} to */
const copyBuilt = (from, to) => {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const relative = path.slice(from.length + 1)
    // A file whose source is gone was left by an earlier build.
    const source = join(chain, 'src', relative.replace(/(\.d)?\.[jt]s$/, '.ts'))
    if (!entry.isFile() || !isShipped(relative) || !existsSync(source)) continue
    mkdirSync(dirname(join(to, relative)), { recursive: true })
    const text = readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n')
    writeFileSync(join(to, relative), text)
  }
}

/** The source of the collection, which `aelf collection source` hands out. @param {string} from @param {string} to */
const copyCollection = (from, to) => {
  cpSync(join(from, 'chains/mainCollection.ts'), join(to, 'chains/mainCollection.ts'))
  cpSync(join(from, 'contracts'), join(to, 'contracts'), {
    recursive: true,
    filter: (path) => isShipped(path.slice(from.length)),
  })
}

/** Builds and packs; returns the tarball's path. */
export const pack = () => {
  runTool(process.execPath, [join(root, 'node_modules/@typescript/native/bin/tsc'), '-b', chain], root)
  const stage = mkdtempSync(join(tmpdir(), 'aelf-pack-'))
  try {
    const manifest = publishedManifest(readJson(join(chain, 'package.json')))
    const lock = shrinkwrapOf(readJson(join(root, 'package-lock.json')), 'packages/chain', manifest)
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
    writeFileSync(join(stage, 'npm-shrinkwrap.json'), `${JSON.stringify(lock, null, 2)}\n`)
    copyBuilt(join(chain, 'dist'), join(stage, 'dist'))
    copyCollection(join(chain, 'src'), join(stage, 'src'))
    cpSync(join(chain, 'bin'), join(stage, 'bin'), { recursive: true })
    for (const name of ['README.md', 'SPEC.md']) cpSync(join(chain, name), join(stage, name))
    cpSync(join(packaging, 'monitoring'), join(stage, 'monitoring'), { recursive: true })
    mkdirSync(output, { recursive: true })
    rmSync(join(output, `aelf-${manifest.version}.tgz`), { force: true })
    runTool('npm', ['pack', '--silent', '--pack-destination', output], stage)
    return join(output, `aelf-${manifest.version}.tgz`)
  } finally {
    rmSync(stage, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(pack())
