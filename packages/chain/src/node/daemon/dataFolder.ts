import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { AelfError, type KeyValue, type RecordLog } from '#primitives'
import { openCheckedStore, openJournal, openLevelStore } from '#store'
import { NodeError } from '../errors.ts'

/** Where things are in a node's data folder. */
export interface DataFolder {
  readonly store: KeyValue
  /** Acknowledged transactions, for the next start. */
  readonly journal: RecordLog
  readonly paths: {
    readonly root: string
    readonly p2pKey: string
    readonly peers: string
    readonly signed: string
    readonly commits: string
  }
  /** The folder ran here before: not a copy, not on another machine. */
  readonly sameHome: boolean
}

const MACHINE_ID = '/etc/machine-id'

async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    // Not every machine has the file, and a new folder has none.
    return undefined
  }
}

/** Names this folder on this machine; a copy has another name. */
async function homeOf(root: string): Promise<string> {
  const { ino, dev } = await stat(root)
  return [(await textOf(MACHINE_ID)) ?? hostname(), hostname(), dev, ino, await realpath(root)].join('|')
}

function isLocked(error: unknown): boolean {
  const found = error instanceof AelfError ? error.walk((one) => codeOf(one) === 'LEVEL_LOCKED') : undefined
  return found !== undefined
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

async function openLocked(root: string): Promise<KeyValue> {
  try {
    // The lock of the store is one of the operating system: it ends with the process, however that ends.
    return await openCheckedStore(await openLevelStore(join(root, 'chain')))
  } catch (cause) {
    if (!isLocked(cause)) throw new NodeError('node.storage', `The store in ${root} cannot be opened`, { cause })
    const holder = await textOf(join(root, 'LOCK'))
    const pid = /"pid":(\d+)/.exec(holder ?? '')?.[1]
    const who = pid === undefined ? 'Another process' : `Another process (${pid})`
    throw new NodeError('node.locked', `${who} uses the data folder ${root}`, { cause, details: { folder: root } })
  }
}

/**
 * Opens a data folder for this process alone. Rejects with `node.locked` when another process has it, with `node.storage` when
 * the disk refuses.
 */
export async function openDataFolder(root: string): Promise<DataFolder> {
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new NodeError('node.storage', `The data folder ${root} cannot be made`, { cause })
  }
  const store = await openLocked(root)
  const lock = join(root, 'LOCK')
  try {
    const home = await homeOf(root)
    const before = await textOf(lock)
    const sameHome = before?.includes(JSON.stringify(home)) === true
    await writeFile(lock, `${JSON.stringify({ pid: process.pid, home })}\n`, { mode: 0o600 })
    const paths = {
      root,
      p2pKey: join(root, 'p2p.key'),
      peers: join(root, 'peers.json'),
      signed: join(root, 'signed.log'),
      commits: join(root, 'commits'),
    }
    return { store, journal: await openJournal(join(root, 'journal'), store), paths, sameHome }
  } catch (cause) {
    await store.close()
    throw new NodeError('node.storage', `The data folder ${root} cannot be written`, { cause })
  }
}
