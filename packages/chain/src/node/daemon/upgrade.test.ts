import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildBundle, readMainSource } from '#collection'
import { readCurrentCollection } from '#kernel'
import { type Bytes, type Hash, taggedHash, utf8ToBytes } from '#primitives'
import { installBundle, listBundles, nodeExitCode, nodeExitCodes, type RunningDaemon, writeSignal } from '../index.ts'
import { createStage, createTestNetwork, SLOT_MS, type Stage, type TestNetwork } from './testing/network.ts'

/** Three of four delegates have at least six of ten blocks. */
const RULE = { 'collection.window': 10n, 'collection.lockIn': 6n, 'collection.confirm': 5n }

let world: TestNetwork
let stage: Stage
let bundle: Bytes

beforeEach(async () => {
  world = await createTestNetwork(4, SLOT_MS, RULE)
  stage = createStage(world)
  const manifest = {
    name: 'aelf-main',
    version: '2',
    entry: 'chains/mainCollection.ts',
    params: { 'token.feePerByte': '1' },
  }
  const source = new Map([...(await readMainSource()), ['collection.json', utf8ToBytes(JSON.stringify(manifest))]])
  bundle = (await buildBundle(source)).bytes
}, 180_000)
afterEach(async () => {
  await stage.stop()
  await world.remove()
})

const height = (daemon: RunningDaemon): bigint => daemon.node.ledger.head().header.height
const current = (daemon: RunningDaemon): ReturnType<typeof readCurrentCollection> =>
  readCurrentCollection(daemon.node.ledger.headTree())

async function install(name: string, signal: boolean): Promise<Hash> {
  const { dataDir } = await world.config(name)
  const hash = await installBundle(dataDir, bundle)
  if (signal) await writeSignal(dataDir, hash)
  return hash
}

describe('an upgrade of a running network', () => {
  test('stops who has not installed it before its first block, with a code of its own, and takes it back afterwards', async () => {
    const names = ['a', 'b', 'c'] as const
    let hash: Hash | undefined
    for (const name of names) hash = await install(name, true)
    const daemons: RunningDaemon[] = []
    for (const [index, name] of names.entries()) daemons.push(await stage.start(name, index))
    const [a] = daemons as [RunningDaemon]
    const behind = await stage.start('d', 3)
    let failure: Error | undefined
    void behind.failed.then((error) => {
      failure = error
    })
    await stage.until(() => failure !== undefined)
    const { since = 0n } = current(behind) ?? {}
    expect(failure).toMatchObject({ code: 'node.collection', details: { collection: hash, height: since.toString() } })
    expect(failure?.message).toContain('aelf collection install')
    expect(nodeExitCode(failure)).toBe(nodeExitCodes.collection)
    expect(height(behind)).toBe(since - 1n)
    await behind.stop()
    // The others go on, with the new fees.
    await stage.until(() => daemons.every((daemon) => height(daemon) > since + 8n))
    expect(current(a)).toMatchObject({ hash, since })
    expect(a.node.ledger.finalized().header.height).toBeGreaterThanOrEqual(since)
    // Started again without the bundle it says the same at once; with it, it catches up.
    const again = await stage.start('d', 3)
    await expect(again.failed).resolves.toMatchObject({ code: 'node.collection' })
    await again.stop()
    await install('d', false)
    const back = await stage.start('d', 3)
    const target = height(a)
    await stage.until(() => height(back) > target)
    expect(current(back)).toMatchObject({ hash, since })
    expect(await listBundles((await world.config('d')).dataDir)).toEqual([hash])
  }, 240_000)

  test('a node that follows gets the bundle from its peers, and so does a producer for what is decided long ago', async () => {
    const names = ['a', 'b', 'c'] as const
    let hash: Hash | undefined
    for (const name of names) hash = await install(name, true)
    const daemons: RunningDaemon[] = []
    for (const [index, name] of names.entries()) daemons.push(await stage.start(name, index))
    const [a] = daemons as [RunningDaemon]
    const observer = await stage.start('observer')
    const stubborn = await stage.startWith(
      'stubborn',
      await world.config('stubborn', undefined, { autoInstall: false }),
    )
    await stage.until(() => current(a)?.hash === hash && height(a) > (current(a)?.since ?? 0n) + 90n)
    const { since = 0n } = current(a) ?? {}
    await stage.until(() => height(observer) > since)
    expect(observer.node.collection().installed).toContain(hash)
    expect(await listBundles((await world.config('observer')).dataDir)).toEqual([hash])
    await expect(stubborn.failed).resolves.toMatchObject({ code: 'node.collection' })
    expect(height(stubborn)).toBe(since - 1n)
    // Its operator has not chosen it, but headers prove that the chain goes on with it.
    const late = await stage.start('d', 3)
    await stage.until(() => height(late) > since)
    expect(current(late)).toMatchObject({ hash, since })
    expect(late.node.collection().signal).toBeUndefined()
  }, 240_000)

  test('signals nothing that it could not run itself', async () => {
    const { dataDir } = await world.config('a')
    await writeSignal(dataDir, taggedHash('aelf/nobody-built-this/1'))
    const a = await stage.start('a', 0)
    await stage.until(() => height(a) >= 2n)
    expect(await a.api.view({ contract: 'collection', view: 'status', args: [] })).toMatchObject({ signals: [] })
    // Chosen while the node runs.
    const hash = await install('a', true)
    const before = height(a)
    await stage.until(() => height(a) > before + 2n)
    expect(await a.api.view({ contract: 'collection', view: 'status', args: [] })).toMatchObject({
      signals: [{ hash }],
    })
    await writeSignal(dataDir, undefined)
    expect(await listBundles(dataDir)).toEqual([hash])
  }, 180_000)
})
