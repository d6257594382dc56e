import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildBundle, bundleHash, readMainSource } from '#collection'
import { type Hash, type Hex, utf8ToBytes } from '#primitives'
import { createRpcClient, type NodeInfoView, type RpcClient } from '#rpc/client'
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
  // Burning goes, a method with a number of its own comes.
  const path = 'contracts/token/methods/burn.ts'
  const text = new TextDecoder().decode(source.get(path))
  source.set(path, utf8ToBytes(text.replace('number: 7', 'number: 8').replace('function burn(', 'function destroy(')))
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

const node = (config: string, ...more: string[]): CliProcess => {
  const ports = ['--rpc-port', '0', '--metrics-port', '0', '--p2p-listen', '/ip4/127.0.0.1/tcp/0']
  return run('node', '--config', config, ...ports, '--json', ...more)
}

const inForce = async (): Promise<Current> => {
  const status: unknown = await client.request('aelf_call', ['collection', 'status', {}])
  return (status as { readonly current: Current }).current
}

async function infoAt(url: string): Promise<NodeInfoView> {
  return createRpcClient({ url, schemas: routes }).request('aelf_nodeInfo')
}

/** Every delegate signals, and the clock goes on until the chain has changed its collection. */
async function upgrade(): Promise<void> {
  const delegates = await client.request('aelf_getDelegates')
  const signal = (address: Hex) => client.request('aelf_signalCollection', [address, next])
  await expect(signal(delegates[0]?.address ?? '0x')).rejects.toMatchObject({
    code: 'rpc.invalidParams',
    help: expect.stringContaining('aelf collection install'),
  })
  expect((await aelf('collection', 'install', file('next.bundle'), '--data', file('devnet'))).code).toBe(0)
  for (const { address } of delegates) expect(await signal(address)).toEqual({ signal: next })
  for (let steps = 0; (await inForce()).hash !== next && steps < 40; steps += 1) {
    await client.request('aelf_fastForward', [{ seconds: (4 * SLOT_MS) / 1000 }])
  }
}

/** The new code's method is told of and works, by the words of the bundle only; the one that it replaced is gone. */
async function replacedMethod(): Promise<void> {
  const { contracts } = await client.request('aelf_getMetadata')
  const token = contracts.find(({ name }) => name === 'token')?.methods.map(({ name }) => name)
  expect(token).toContain('destroy')
  expect(token).not.toContain('burn')
  const call = ['symbol=ELF', 'amount=1elf', '--rpc', client.url, '--demo', '1']
  expect((await aelf('send', 'token.destroy', ...call)).err).toContain('there is no method "token.destroy"')
  expect((await aelf('send', 'token.burn', ...call)).code).not.toBe(0)
  const sent = await aelf('send', 'token.destroy', ...call, '--bundle-file', file('next.bundle'))
  expect(sent.err).toBe('')
  expect(sent.out).toContain('Destroy 1 ELF for good')
}

test(
  'an upgrade stops a node that was not to fetch the bundle; with it, it catches up, and who begins later gets it from peers',
  async () => {
    const follower = await observer('follower')
    const first = node(follower, '--auto-install', 'no')
    const { rpc } = await announced<Facts>(first)
    await expect.poll(async () => (await infoAt(rpc)).sync.height, { timeout: 60_000 }).not.toBe('0')
    const built = (await client.request('aelf_nodeInfo')).collection?.running
    await upgrade()
    const installed = [built, next]
    expect((await client.request('aelf_nodeInfo')).collection).toEqual({ running: next, signal: next, installed })
    const { since } = await inForce()
    await replacedMethod()
    expect(await first.ended).toBe(8)
    expect(first.err()).toContain(`Block ${since} runs with the collection ${next}`)
    const late = await observer('late')
    expect(await node(late, '--auto-install', 'no').ended).toBe(8)
    expect((await aelf('collection', 'install', file('next.bundle'), '--config', follower)).code).toBe(0)
    for (const config of [follower, late]) {
      const facts = await announced<Facts>(node(config))
      const reached = async (): Promise<bigint> => BigInt((await infoAt(facts.rpc)).sync.height)
      await expect.poll(reached, { timeout: 60_000 }).toBeGreaterThan(BigInt(since))
      expect((await infoAt(facts.rpc)).collection).toEqual({ running: next, signal: null, installed })
      expect((await aelf('status', '--rpc', facts.rpc)).out).toContain(next)
    }
  },
  PATIENCE_MS,
)
