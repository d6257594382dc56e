// @ts-check
// `npm run deb -w @aelf/chain`: packaging/dist/aelf_<version>_<architecture>.deb for Debian 12, Ubuntu 22.04 and later.
// It holds Node and every package, so that installing it needs no network. `-- --node <file>` puts another Node inside.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { output, pack, runTool } from './pack.mjs'

const packaging = dirname(dirname(fileURLToPath(import.meta.url)))
/** Names of processors in Debian and in the folders of built add-ons. @type {Record<string, string>} */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' }
const EXECUTABLE = 0o755
const ORDINARY = 0o644

/** @param {string} root @param {string} path @param {string} from @param {number} mode */
const put = (root, path, from, mode) => {
  const target = join(root, path)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(from, target)
  chmodSync(target, mode)
}

/** @param {string} root @returns {string[]} */
const filesBelow = (root) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()

/** Add-ons built for other machines, and what only a compiler needs. @param {string} modules */
const removeForeign = (modules) => {
  const own = `linux-${process.arch}`
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isDirectory()) continue
    const inPrebuilds = entry.parentPath.endsWith('/prebuilds') && entry.name !== own
    const isForCompilers = /\/(classic-level|secp256k1)\/(deps|src)$/.test(path)
    if (inPrebuilds || isForCompilers) rmSync(path, { recursive: true, force: true })
  }
}

/** @param {string} root @param {string} tarball */
const installProgram = (root, tarball) => {
  const home = join(root, 'usr/lib/aelf')
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
  runTool('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error', tarball], home)
  for (const name of ['package.json', 'package-lock.json', 'node_modules/.package-lock.json'])
    rmSync(join(home, name), { force: true })
  removeForeign(join(home, 'node_modules'))
}

/** @param {string} root @param {string} version @param {string} architecture */
const writeControl = (root, version, architecture) => {
  const control = join(root, 'DEBIAN')
  mkdirSync(control, { recursive: true })
  const files = filesBelow(root).filter((path) => !path.startsWith('DEBIAN/'))
  const kib = Math.ceil(files.reduce((sum, path) => sum + statSync(join(root, path)).size, 0) / 1024)
  writeFileSync(
    join(control, 'control'),
    `Package: aelf
Version: ${version}
Architecture: ${architecture}
Maintainer: aelf <packages@aelf.example>
Installed-Size: ${kib}
Depends: libc6 (>= 2.31), libstdc++6 (>= 10)
Suggests: chrony
Section: net
Priority: optional
Description: node of the aelf network
 Runs a delegate or an observer of the aelf network, with RPC for wallets and
 the portal, figures for Prometheus, and a hardened systemd service.
 .
 Make its configuration with "aelf init --dir /var/lib/aelf", then start it with
 "systemctl start aelf".
`,
  )
  writeFileSync(join(control, 'conffiles'), '/etc/default/aelf\n')
  const sums = files
    .filter((path) => !path.startsWith('etc/'))
    .map((path) => {
      return `${createHash('md5')
        .update(readFileSync(join(root, path)))
        .digest('hex')}  ${path}\n`
    })
  writeFileSync(join(control, 'md5sums'), sums.join(''))
  for (const name of ['postinst', 'prerm', 'postrm'])
    put(root, `DEBIAN/${name}`, join(packaging, 'debian', name), EXECUTABLE)
}

/** Folders for all, files as they are: a strict umask of the builder must not end in the package. @param {string} root */
const openFolders = (root) => {
  chmodSync(root, EXECUTABLE)
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) chmodSync(path, EXECUTABLE)
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o111) === 0 ? ORDINARY : EXECUTABLE)
  }
}

/** Where Debian's shells look for completions of packages. @type {Record<string, string>} */
const COMPLETIONS = {
  bash: 'usr/share/bash-completion/completions/aelf',
  zsh: 'usr/share/zsh/vendor-completions/_aelf',
  fish: 'usr/share/fish/vendor_completions.d/aelf.fish',
}

/** @param {string} root */
const installCompletions = (root) => {
  for (const [shell, path] of Object.entries(COMPLETIONS)) {
    const words = [join(root, 'usr/lib/aelf/node_modules/aelf/bin/aelf.js'), 'completion', shell]
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), execFileSync(join(root, 'usr/lib/aelf/bin/node'), words))
  }
}

/** Builds the package; returns its path. @param {{ node?: string, tarball?: string }} [options] */
export const buildDeb = ({ node = process.execPath, tarball = pack() } = {}) => {
  const architecture = ARCHITECTURES[process.arch]
  if (process.platform !== 'linux' || architecture === undefined)
    throw new Error('build it on Linux, on amd64 or arm64')
  const root = mkdtempSync(join(tmpdir(), 'aelf-deb-'))
  try {
    installProgram(root, tarball)
    const { version } = JSON.parse(readFileSync(join(root, 'usr/lib/aelf/node_modules/aelf/package.json'), 'utf8'))
    put(root, 'usr/lib/aelf/bin/node', node, EXECUTABLE)
    put(root, 'usr/bin/aelf', join(packaging, 'debian/aelf'), EXECUTABLE)
    put(root, 'lib/systemd/system/aelf.service', join(packaging, 'systemd/aelf.service'), ORDINARY)
    put(root, 'etc/default/aelf', join(packaging, 'debian/default'), ORDINARY)
    put(root, 'usr/share/doc/aelf/copyright', join(packaging, 'debian/copyright'), ORDINARY)
    put(root, 'usr/share/doc/aelf/README.md', join(packaging, '../README.md'), ORDINARY)
    cpSync(join(packaging, 'monitoring'), join(root, 'usr/share/doc/aelf/monitoring'), { recursive: true })
    installCompletions(root)
    openFolders(root)
    writeControl(root, version, architecture)
    const target = join(output, `aelf_${version}_${architecture}.deb`)
    // xz would take minutes for little less.
    runTool('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z6', '--build', root, target], packaging)
    return target
  } finally {
    rmSync(root, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--node')
  console.log(buildDeb(at < 0 ? {} : { node: process.argv[at + 1] ?? '' }))
}
