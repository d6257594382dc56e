import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildBundle, bundleHash, readMainSource } from '#collection'
import { type Hash, utf8ToBytes } from '#primitives'
import { createRpcClient, type RpcClient } from '#rpc/client'
import { routes } from '#rpc/routes'
import { announced, type CliProcess, start } from './testing/process.ts'
import { run as aelf } from './testing/run.ts'

const PATIENCE_MS = 240_000
/** A count that a test can wait for. */
const RULE = ['collection.window=10', 'collection.lockIn=8', 'collection.confirm=6']
const SLOT_MS = 1000

interface Facts {
  readonly rpc: string
  readonly listen: readonly string[]
}

interface Current {
  readonly hash: Hash
  readonly since: string
}

let folder = ''
let devnet: CliProcess
let client: RpcClient
let peer = ''
let next: Hash
const children: CliProcess[] = []
const file = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aelf-upgrading-'))
  const manifest = {
    name: 'aelf-main',
    version: '2',
    entry: 'chains/mainCollection.ts',
    params: { 'token.feePerByte': '1' },
  }
  const source = new Map([...(await readMainSource()), ['collection.json', utf8ToBytes(JSON.stringify(manifest))]])
  const { bytes } = await buildBundle(source)
  next = bundleHash(bytes)
  await writeFile(file('next.bundle'), bytes)
  const network = ['--delegates', '4', '--backups', '0', '--slot', String(SLOT_MS), '--age', '1h']
  const places = ['--port', '0', '--data', file('devnet'), '--genesis-out', file('genesis.json')]
  const listen = ['--p2p-listen', '/ip4/127.0.0.1/tcp/0']
  const rule = RULE.flatMap((param) => ['--param', param])
  devnet = run('devnet', ...network, ...places, ...listen, ...rule, '--log', 'error', '--json')
  const facts = await announced<Facts>(devnet)
  client = createRpcClient({ url: facts.rpc, schemas: routes })
  peer = facts.listen[0] ?? ''
}, PATIENCE_MS)

afterAll(async () => {
  for (const { child, ended } of children) {
    child.kill('SIGTERM')
    await ended
  }
  await rm(folder, { recursive: true, force: true })
})

function run(...words: string[]): CliProcess {
  const started = start(...words)
  children.push(started)
  return started
}

async function observer(name: string): Promise<string> {
  const made = await aelf('init', '--dir', file(name), '--observer', '--genesis', file('genesis.json'), '--peer', peer)
  expect(made.err).toBe('')
  return join(file(name), 'aelf.yaml')
}

const node = (config: string): CliProcess => {
  const ports = ['--rpc-port', '0', '--metrics-port', '0', '--p2p-listen', '/ip4/127.0.0.1/tcp/0']
  return run('node', '--config', config, ...ports, '--json')
}

const inForce = async (): Promise<Current> => {
  const status: unknown = await client.request('aelf_call', ['collection', 'status', {}])
  return (status as { readonly current: Current }).current
}

describe('an upgrade of a development network that other nodes follow', () => {
  test(
    'stops a node without the bundle, which catches up once it has it; so does one that begins later',
    async () => {
      const follower = await observer('follower')
      const first = node(follower)
      const { rpc } = await announced<Facts>(first)
      const its = createRpcClient({ url: rpc, schemas: routes })
      await expect.poll(async () => (await its.request('aelf_nodeInfo')).sync.height, { timeout: 60_000 }).not.toBe('0')
      const built = (await client.request('aelf_nodeInfo')).collection?.running
      const [delegate = ''] = (await client.request('aelf_getDelegates')).map(({ address }) => address)
      await expect(client.request('aelf_signalCollection', [delegate as Hash, next])).rejects.toMatchObject({
        code: 'rpc.invalidParams',
        help: expect.stringContaining('aelf collection install'),
      })
      expect((await aelf('collection', 'install', file('next.bundle'), '--data', file('devnet'), '--json')).code).toBe(
        0,
      )
      for (const { address } of await client.request('aelf_getDelegates')) {
        expect(await client.request('aelf_signalCollection', [address, next])).toEqual({ signal: next })
      }
      expect((await client.request('aelf_nodeInfo')).collection).toEqual({
        running: built,
        signal: next,
        installed: [built, next],
      })
      for (let steps = 0; (await inForce()).hash !== next && steps < 40; steps += 1)
        await client.request('aelf_fastForward', [{ seconds: (4 * SLOT_MS) / 1000 }])
      const { since } = await inForce()
      expect(await first.ended).toBe(8)
      expect(first.err()).toContain(`Block ${since} runs with the collection ${next}`)
      // Started from nothing it comes as far, and says the same.
      const late = await observer('late')
      const second = node(late)
      expect(await second.ended).toBe(8)
      for (const config of [follower, late]) {
        expect((await aelf('collection', 'install', file('next.bundle'), '--config', config)).code).toBe(0)
        const again = node(config)
        const facts = await announced<Facts>(again)
        const asked = createRpcClient({ url: facts.rpc, schemas: routes })
        const reached = async (): Promise<bigint> => BigInt((await asked.request('aelf_nodeInfo')).sync.height)
        await expect.poll(reached, { timeout: 60_000 }).toBeGreaterThan(BigInt(since))
        expect((await asked.request('aelf_nodeInfo')).collection).toEqual({
          running: next,
          signal: null,
          installed: [built, next],
        })
        expect((await aelf('status', '--rpc', facts.rpc)).out).toContain(next)
      }
    },
    PATIENCE_MS,
  )
})
