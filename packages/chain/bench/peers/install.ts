import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type PeerName = 'anvil' | 'hardhat' | 'ganache' | 'ethereumjs' | 'lisk'

/** Each peer with the exact versions of the packages it is. */
export const MANIFEST: Readonly<Record<PeerName, Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(new URL('./manifest.json', import.meta.url), 'utf8'),
)

export interface Installed {
  /** Folder of each peer that is there. */
  readonly folders: ReadonlyMap<PeerName, string>
  /** Those that are not, each with the reason. */
  readonly missing: readonly { readonly name: PeerName; readonly reason: string }[]
}

function npmInstall(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let told = ''
    child.stderr.on('data', (chunk: Buffer) => {
      told = (told + chunk.toString()).slice(-2000)
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(told.trim().split('\n')[0] ?? `npm ended with ${code}`))
    })
  })
}

/** Whether the folder has just these versions. */
function isComplete(folder: string, packages: Readonly<Record<string, string>>): boolean {
  return Object.entries(packages).every(([name, version]) => {
    const file = join(folder, 'node_modules', name, 'package.json')
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version
  })
}

/** Puts each peer in a folder of its own, outside of the repository: they pin packages that exclude each other. */
export async function installPeers(
  root: string,
  names: readonly PeerName[],
  tell: (text: string) => void,
): Promise<Installed> {
  const folders = new Map<PeerName, string>()
  const missing: { name: PeerName; reason: string }[] = []
  for (const name of names) {
    const folder = join(root, name)
    const packages = MANIFEST[name]
    try {
      if (!isComplete(folder, packages)) {
        tell(`installing ${name} into ${folder}`)
        await mkdir(folder, { recursive: true })
        await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }))
        await npmInstall(folder)
      }
      folders.set(name, folder)
    } catch (error) {
      missing.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { folders, missing }
}

/** The program of anvil itself, which lies in a package of its own for each platform. */
export function anvilProgram(folder: string): string {
  const scope = join(folder, 'node_modules', '@foundry-rs')
  for (const name of readdirSync(scope)) {
    const program = join(scope, name, 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil')
    if (name.startsWith('anvil-') && existsSync(program)) return program
  }
  throw new Error('there is no anvil for this platform')
}
