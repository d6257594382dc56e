import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const require = createRequire(import.meta.url)

/** Runs a tool to its end; throws with what it printed when it fails. @param {string} what @param {string} script @param {string[]} args @param {string} [cwd] */
export const run = (what, script, args, cwd = root) => {
  const done = spawnSync(process.execPath, [script, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', FORCE_COLOR: '0' },
  })
  if (done.status !== 0) throw new Error(`${what} failed:\n${done.stdout}${done.stderr}${done.error?.message ?? ''}`)
}

/** @param {string} folder @returns {string[]} */
const filesBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => !/\/(node_modules|\.next|test-results)\//.test(path))
        .sort()
    : []

/** @param {string[]} paths */
const fingerprint = (paths) => {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

/** Does the work unless its inputs are those of the last time. @param {string} stamp @param {string[]} inputs @param {string} output @param {() => void} work */
const unlessDone = (stamp, inputs, output, work) => {
  const wanted = fingerprint(inputs)
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false
  work()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  return true
}

const client = `${root}/packages/governance/src/db/generated`
const stamps = `${root}/node_modules/.cache/aelf`

/** The database client; its sources are `prisma/schema`. */
export const generateClient = () =>
  unlessDone(`${stamps}/client`, filesBelow(`${root}/prisma/schema`), `${client}/client.ts`, () =>
    run('Generating the database client', 'packages/governance/scripts/generate.mjs', []),
  )

/** Packages to `dist`; the compiler itself skips what is up to date. */
export const compile = () => {
  const compiler = join(dirname(require.resolve('@typescript/native/package.json')), 'bin/tsc')
  run('Compiling the packages', compiler, ['-b', '--pretty', 'false'])
}

/** Everything that has to be built before a node or a worker can start. */
export const buildPackages = () => {
  generateClient()
  compile()
}

/** The portal for production. Returns whether it had to be built. */
export const buildPortal = () => {
  const portal = `${root}/apps/portal`
  const dist = ['chain', 'governance'].flatMap((name) => filesBelow(`${root}/packages/${name}/dist`))
  const inputs = [...filesBelow(portal), ...dist.filter((path) => path.endsWith('.js')), `${root}/package-lock.json`]
  const own = inputs.filter((path) => !/(tsbuildinfo|next-env\.d\.ts)$/.test(path))
  return unlessDone(`${portal}/.next/inputs`, own, `${portal}/.next/BUILD_ID`, () =>
    run('Building the portal', require.resolve('next/dist/bin/next'), ['build'], portal),
  )
}
