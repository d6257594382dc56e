import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesToHex } from '#primitives'
import { createMemoryStore, createStoreLog, openFileLog } from '#store'
import {
  createLogger,
  createLogRing,
  createRedactor,
  nodeExitCode,
  type RunningDaemon,
  startNode,
  startRemoteSigner,
} from '../index.ts'
import { watchDisk } from './diskWatch.ts'
import { guardStore } from './storeGuard.ts'
import {
  createStage,
  createTestNetwork,
  PASSWORD,
  quiet,
  type Stage,
  type TestNetwork,
  until,
} from './testing/network.ts'

let world: TestNetwork
let stage: Stage

beforeEach(async () => {
  world = await createTestNetwork(3)
  stage = createStage(world)
})
afterEach(async () => {
  await stage.stop()
  await world.remove()
})

/** Slots in which one producer made blocks with different contents, over everything the nodes know. */
async function doubles(...daemons: readonly RunningDaemon[]): Promise<bigint[]> {
  const seen = new Map<string, string>()
  const found: bigint[] = []
  for (const { api, node } of daemons) {
    for (let height = 1n; height <= api.status().height; height += 1n) {
      const header = (await api.blockByHeight(height))?.block.header
      if (header === undefined) continue
      const key = `${header.producer} ${header.slot}`
      if ((seen.get(key) ?? header.hash) !== header.hash) found.push(header.slot)
      seen.set(key, header.hash)
    }
    expect(node.name).toBeDefined()
  }
  return found
}

describe('one key', () => {
  test('error: a second node with the key sees the first and ends with 7, and nothing was signed twice', async () => {
    const [a, b] = [await stage.start('a', 0), await stage.start('b', 1)]
    // Longer than a network counts as new: in its first rounds a twin that has not caught up yet may sign.
    await stage.until(() => a.api.status().headSlot > 16n && (a.node.signer?.last()?.slot ?? 0n) > 0n)
    expect(b.node.signer?.last()).toBeDefined()
    const twin = await stage.start('twin', 0)
    await stage.until(() => twin.node.keyWatch?.state === 'inUse')
    const error = await twin.failed
    expect(error).toMatchObject({ code: 'key.inUse' })
    expect(nodeExitCode(error)).toBe(7)
    expect(twin.node.keyWatch?.state).toBe('inUse')
    expect(twin.node.warnings().map(({ code }) => code)).toContain('key.inUse')
    const { height } = a.api.status()
    await stage.until(() => a.api.status().height > height + 4n)
    expect(await doubles(a, b, twin)).toEqual([])
    expect(a.node.keyWatch?.state).toBe('clear')
  })

  test('behavior: a new node hears from its peers at once how far the chain is, though nobody makes a block meanwhile', async () => {
    const [a, b] = [await stage.start('a', 0), await stage.start('b', 1)]
    await stage.until(() => a.api.status().headSlot > 16n)
    const { height } = a.api.status()
    // A folder without anything, as of a network that has just begun: only the others can tell that it has not.
    const late = await stage.start('late', 2)
    await a.stop()
    await b.stop()
    for (let slots = 0; slots < 8; slots += 1) {
      await stage.pass(1)
      expect(late.node.keyWatch?.state).toBe('watching')
    }
    expect(late.api.status().height).toBe(height)
    expect(late.node.signer?.last()).toBeUndefined()
  })

  test('behavior: an old backup catches up and adopts what was signed since, before it signs again', async () => {
    const [a, b, c] = [await stage.start('a', 0), await stage.start('b', 1), await stage.start('c', 2)]
    await stage.until(() => (a.node.signer?.last()?.slot ?? 0n) > 0n)
    await a.stop()
    await cp(join(world.folder, 'a'), join(world.folder, 'backup'), { recursive: true })
    const again = await stage.start('a', 0)
    const height = b.api.status().height
    await stage.until(() => b.api.status().height > height + 8n && (again.node.signer?.last()?.height ?? 0n) > height)
    const last = again.node.signer?.last()
    await again.stop()
    const restored = await stage.start('backup', 0)
    expect(restored.node.keyWatch?.state).toBe('watching')
    expect((restored.node.signer?.last()?.slot ?? 0n) < (last?.slot ?? 0n)).toBe(true)
    await stage.until(() => (restored.node.signer?.last()?.slot ?? 0n) >= (last?.slot ?? 0n))
    await stage.until(() => restored.node.keyWatch?.state === 'clear')
    expect(await doubles(b, c, restored)).toEqual([])
  }, 30_000)

  test('behavior: a node with its key on another machine produces', async () => {
    await writeFile(join(world.folder, 'token'), 'a token for a signer\n')
    const signer = await startRemoteSigner(
      {
        keystore: join(world.folder, 'keystore0.json'),
        genesis: join(world.folder, 'genesis.json'),
        dataDir: join(world.folder, 'signer'),
        listen: `unix:${join(world.folder, 's.sock')}`,
        tokenFile: join(world.folder, 'token'),
        passwordFile: join(world.folder, 'password'),
      },
      { logger: quiet, now: () => stage.now() },
    )
    try {
      const config = await world.config('a', 0)
      const { producer } = config
      if (producer === undefined) throw new Error('a delegate')
      const signerTokenFile = join(world.folder, 'token')
      const a = await stage.startWith('a', {
        ...config,
        producer: { ...producer, remoteSigner: signer.url, signerTokenFile },
      })
      const b = await stage.start('b', 1)
      const own = a.delegate
      await stage.until(() => (a.node.signer?.last()?.height ?? 0n) > 0n && b.api.status().height >= 4n)
      expect((await b.api.blocks(1n, b.api.status().height)).some(({ block }) => block.header.producer === own)).toBe(
        true,
      )
      await a.stop()
    } finally {
      await signer.stop()
    }
  })
})

describe('storage', () => {
  test('error: a store that failed once takes nothing any more', async () => {
    const inner = createMemoryStore()
    let broken = false
    const guard = guardStore({
      ...inner,
      async write(ops, options) {
        if (broken) throw new Error('fsync: EIO')
        await inner.write(ops, options)
      },
    })
    const op = { put: [Uint8Array.of(1), Uint8Array.of(1)] } as const
    await guard.store.write([op], { sync: true })
    broken = true
    await expect(guard.store.write([op], { sync: true })).rejects.toMatchObject({ code: 'node.storage' })
    broken = false
    await expect(guard.store.write([op], { sync: true })).rejects.toMatchObject({ code: 'node.storage' })
    expect(nodeExitCode(await guard.failed)).toBe(5)
    expect(await guard.store.get(Uint8Array.of(1))).toEqual(Uint8Array.of(1))
  })

  test('error: a store and the log beside it take nothing any more once one of them failed', async () => {
    const inner = createMemoryStore()
    const log = createStoreLog(createMemoryStore())
    const guard = guardStore(inner)
    let broken = false
    const guarded = guard.log({
      ...log,
      append: (records) => (broken ? Promise.reject(new Error('write: ENOSPC')) : log.append(records)),
    })
    const records = [{ until: 1n, bytes: Uint8Array.of(1) }]
    await guarded.append(records)
    expect(await guarded.read()).toEqual(records)
    broken = true
    await expect(guarded.append(records)).rejects.toMatchObject({ code: 'node.storage' })
    broken = false
    await expect(guarded.append(records)).rejects.toMatchObject({ code: 'node.storage' })
    const op = { put: [Uint8Array.of(1), Uint8Array.of(1)] } as const
    await expect(guard.store.write([op], { sync: true })).rejects.toMatchObject({ code: 'node.storage' })
    expect(nodeExitCode(await guard.failed)).toBe(5)
  })

  test('error: a store that could not be read once takes nothing any more, unless it was closed', async () => {
    const inner = createMemoryStore()
    let broken = false
    const guard = guardStore({
      ...inner,
      get: (key) => (broken ? Promise.reject(new Error('read: EIO')) : inner.get(key)),
    })
    const op = { put: [Uint8Array.of(1), Uint8Array.of(1)] } as const
    await guard.store.write([op], { sync: true })
    broken = true
    await expect(guard.store.get(Uint8Array.of(1))).rejects.toMatchObject({ code: 'node.storage' })
    broken = false
    await expect(guard.store.write([op], { sync: true })).rejects.toMatchObject({ code: 'node.storage' })
    expect(nodeExitCode(await guard.failed)).toBe(5)

    let reported = false
    const late = guardStore(createMemoryStore())
    void late.failed.then(() => {
      reported = true
    })
    await late.store.close()
    await expect(late.store.get(Uint8Array.of(1))).rejects.toMatchObject({ code: 'node.storage' })
    await Promise.resolve()
    expect(reported).toBe(false)
  })

  test('behavior: a disk that fills stops production, and room starts it again', async () => {
    let free = 900
    const readSpace = async () => ({ free: free * 1024 * 1024, total: 2000 * 1024 * 1024 })
    const watch = await watchDisk('/x', { logger: quiet, readSpace, periodMs: 5 })
    expect(watch.hasRoom()).toBe(true)
    expect(watch.warning()).toBeUndefined()
    free = 400
    await until(() => watch.warning()?.code === 'disk.low')
    expect(watch.hasRoom()).toBe(true)
    free = 100
    await until(() => !watch.hasRoom())
    free = 900
    await until(() => watch.hasRoom())
    expect(watch.warning()).toBeUndefined()
    watch.stop()
  })

  test('error: a store that lost a write is found out at the start, and the chain comes back from the peers', async () => {
    const [a, b, c] = [await stage.start('a', 0), await stage.start('b', 1), await stage.start('c')]
    await stage.until(() => a.api.status().height >= 6n)
    await a.stop()
    const folder = join(world.folder, 'a', 'chain')
    const log = (await readdir(folder)).find((name) => name.endsWith('.log')) ?? ''
    const bytes = await readFile(join(folder, log))
    // A bit in the newest record: LevelDB leaves out what it cannot read, and says nothing.
    const at = bytes.length - 10
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    await writeFile(join(folder, log), bytes)
    const ring = createLogRing()
    const again = await stage.start('a', 0, { logger: createLogger('silent', { ring }), ring })
    expect(ring.newest({ limit: 100, level: 'error' }).map(({ message }) => message)).toEqual([
      'The store lost writes that it had acknowledged; the chain is fetched again from where it stands',
    ])
    const { height } = b.api.status()
    await stage.until(() => again.api.status().height > height)
    expect(await doubles(again, b, c)).toEqual([])
  })

  test('error: a store that is not whole ends with 5', async () => {
    const a = await stage.start('a', 0)
    await stage.start('b', 1)
    await stage.until(() => a.api.status().height >= 4n)
    await a.stop()
    const folder = join(world.folder, 'a', 'chain')
    const manifest = (await readdir(folder)).find((name) => name.startsWith('MANIFEST')) ?? ''
    await writeFile(join(folder, manifest), 'no manifest')
    const error = await stage.start('a', 0).then(
      () => undefined,
      (cause: unknown) => cause,
    )
    expect(nodeExitCode(error)).toBe(5)
  })

  test('error: a journal that holds something else than was written ends with 5, and the node starts without it', async () => {
    const a = await stage.start('a', 0)
    await a.stop()
    const folder = join(world.folder, 'a', 'journal')
    const log = await openFileLog(folder)
    for (const byte of [1, 2]) await log.append([{ until: 9n, bytes: Uint8Array.of(byte) }])
    await log.close()
    const path = join(folder, (await readdir(folder))[0] ?? '')
    const bytes = await readFile(path)
    bytes[16] = (bytes[16] ?? 0) ^ 1
    await writeFile(path, bytes)
    const error = await stage.start('a', 0).catch((cause: unknown) => cause)
    expect(nodeExitCode(error)).toBe(5)
    expect(String(error)).toContain(path)
    await rm(folder, { recursive: true })
    expect((await stage.start('a', 0)).api.status().height).toBe(0n)
  })
})

describe('secrets', () => {
  test('error: no log of a whole run shows key, in-value secret or password', async () => {
    const lines: string[] = []
    const ring = createLogRing({ level: 'debug' })
    const redactor = createRedactor()
    const logger = createLogger('debug', { ring, redactor, write: (line) => lines.push(line) })
    const a = await stage.start('a', 0, { logger, ring, redactor })
    await stage.start('b', 1, { logger, redactor })
    await stage.until(() => a.api.status().height >= 4n)
    const wrong = await startNode(await world.config('w', 2), {
      logger,
      redactor,
      password: 'not the right one',
    }).catch((cause: unknown) => cause)
    logger.error('Refused', { error: wrong, reason: String(wrong) })
    await a.stop()
    const written = (lines.join('') + JSON.stringify(ring.newest({ limit: 2000, level: 'debug' }))).toLowerCase()
    expect(written).toContain('the node is running')
    for (const { privateKey, revealSecret } of world.secrets.slice(0, 2)) {
      for (const secret of [privateKey ?? new Uint8Array(32), revealSecret]) {
        expect(written).not.toContain(bytesToHex(secret).slice(2))
        expect(written).not.toContain(Buffer.from(secret).toString('base64').toLowerCase().replace(/=+$/, ''))
      }
    }
    expect(written).not.toContain(PASSWORD)
    expect(written).not.toContain('not the right one')
  })
})
