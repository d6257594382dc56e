import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadGenesisFile } from '#chains'
import { buildBundle, readMainSource } from '#collection'
import { asAddress, type Bytes, taggedHash, utf8ToBytes } from '#primitives'
import { createLogger, type Devnet, installBundle, startDevnet } from './index.ts'

const HOUR_MS = 3_600_000
const SLOT_MS = 10_000
/** More than a third of the delegates may stay silent, and it is over after a few rounds. */
const params = { 'collection.window': '8', 'collection.lockIn': '6', 'collection.confirm': '4' }

let folder = ''
let bundle: Bytes
const running: Devnet[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aelf-devnet-'))
  const manifest = { name: 'aelf-main', version: '2', entry: 'chains/mainCollection.ts' }
  const source = [...(await readMainSource()), ['collection.json', utf8ToBytes(JSON.stringify(manifest))] as const]
  const files = new Map(source)
  const edit = (path: string, from: string, to: string): void => {
    const text = new TextDecoder().decode(files.get(path))
    expect(text).toContain(from)
    files.set(path, utf8ToBytes(text.replaceAll(from, to)))
  }
  // Burning goes, a method with a number of its own comes.
  edit('contracts/token/methods/burn.ts', 'number: 7', 'number: 8')
  edit('contracts/token/methods/burn.ts', 'function burn(', 'function destroy(')
  bundle = (await buildBundle(files)).bytes
}, 60_000)
afterAll(async () => {
  for (const devnet of running) await devnet.stop()
  await rm(folder, { recursive: true })
})

async function start(): Promise<Devnet> {
  const logger = createLogger('silent')
  const first = { slotMs: SLOT_MS, delegates: 4, backups: 0, reveals: 500, ageMs: HOUR_MS, params }
  const devnet = await startDevnet({ ...first, logger, dataDir: folder })
  running.push(devnet)
  return devnet
}

const tokenMethods = (devnet: Devnet): Record<'running' | 'known', readonly (string | undefined)[]> => {
  const { running, known } = devnet.rpcNode.contracts()
  const names = (contracts: typeof running): readonly (string | undefined)[] => {
    const methods = contracts.find(({ name }) => name === 'token')?.methods ?? []
    return [7, 8].map((wanted) => methods.find(({ number }) => number === wanted)?.name)
  }
  return { running: names(running), known: names(known) }
}

const lag = (devnet: Devnet): number => Date.now() - devnet.rpcNode.api.status().nowMs

test('behavior: a development network of an age changes its contracts as its delegates signal, and remembers all of it', async () => {
  const devnet = await start()
  expect(Math.abs(lag(devnet) - HOUR_MS)).toBeLessThan(SLOT_MS)
  expect(loadGenesisFile(devnet.genesisFile()).params).toMatchObject({ 'collection.confirm': 4n })
  const built = devnet.rpcNode.collection().running
  const [silent, ...others] = devnet.delegates.map(({ address }) => address)
  expect(tokenMethods(devnet)).toEqual({ running: ['burn', undefined], known: ['burn', undefined] })
  const unknown = taggedHash('aelf/nobody-built-this/1')
  const refused = { code: 'node.range', details: { field: 'collection' } }
  await expect(devnet.signal(others[0] ?? asAddress('0x'), unknown)).rejects.toMatchObject(refused)
  const hash = await installBundle(folder, bundle)
  const stranger = devnet.accounts()[0]?.address ?? asAddress('0x')
  await expect(devnet.signal(stranger, hash)).rejects.toMatchObject({ details: { field: 'delegate' } })
  for (const address of others) await devnet.signal(address, hash)
  const signals = devnet.nodes.map((node) => [node.signer?.address, node.collection().signal])
  expect(signals).toEqual(devnet.delegates.map(({ address }) => [address, address === silent ? undefined : hash]))
  const moved = (): boolean => devnet.rpcNode.collection().running === hash
  for (let steps = 0; !moved() && steps < 20; steps += 1) await devnet.fastForward(4 * SLOT_MS)
  expect(devnet.rpcNode.collection()).toEqual({ running: hash, signal: hash, installed: [built, hash] })
  // What may be called is the new code's; old blocks are still read with the words of their time.
  expect(tokenMethods(devnet)).toEqual({ running: [undefined, 'destroy'], known: ['burn', 'destroy'] })
  await devnet.fastForward(4 * SLOT_MS)
  const { height } = devnet.rpcNode.api.status()
  await devnet.stop()

  const again = await start()
  expect(again.rpcNode.collection()).toEqual({ running: hash, signal: hash, installed: [built, hash] })
  expect(tokenMethods(again).running).toEqual([undefined, 'destroy'])
  await again.fastForward(4 * SLOT_MS)
  expect(again.rpcNode.api.status().height).toBeGreaterThan(height)
  expect(lag(again)).toBeLessThan(HOUR_MS)
  expect(lag(again)).toBeGreaterThan(HOUR_MS / 2)
}, 120_000)
