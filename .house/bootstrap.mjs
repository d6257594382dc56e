// The way in for `npm start` and `npm test` in a fresh clone: needs nothing but Node, installs what is missing, goes on.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** @type {Record<string, string>} */
const commands = { start: './launch/start.mjs', test: './verify.mjs' }

const nodeIsOldEnough = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
}

/** npm writes this file last, so an interrupted install counts as none. */
const isInstalled = () => {
  const done = `${root}/node_modules/.package-lock.json`
  return existsSync(done) && statSync(done).mtimeMs >= statSync(`${root}/package-lock.json`).mtimeMs - 1000
}

const install = () => {
  console.log('Installing packages from the lock file (about a minute, once) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: npm === undefined && process.platform === 'win32' }
  const done =
    npm === undefined ? spawnSync('npm', args, options) : spawnSync(process.execPath, [npm, ...args], options)
  if (done.status === 0) return
  console.error('npm ci failed; its own message is above. Run it by hand to see more: npm ci')
  process.exit(1)
}

const [command = '', ...args] = process.argv.slice(2)
const entry = Object.hasOwn(commands, command) ? commands[command] : undefined
if (entry === undefined) {
  console.error(`usage: node .house/bootstrap.mjs ${Object.keys(commands).join('|')}`)
  process.exit(2)
}
if (!nodeIsOldEnough()) {
  console.error(`Node ${process.versions.node} is not supported: 20.19, 22.12 or 24 and later are.`)
  process.exit(1)
}
if (!isInstalled()) install()
const { main } = await import(entry)
await main(args)
