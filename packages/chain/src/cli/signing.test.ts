import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { decodeHeader, encodeHeader, sealHeader } from '#kernel'
import { bytesToHex, hexToBytes } from '#primitives'
import { createRpcClient, type RpcClient } from '#rpc/client'
import { announced, type CliProcess, start } from './testing/process.ts'
import { run } from './testing/run.ts'

/** What a machine that is busy with other things may take for a few starts and a few dozen blocks. */
const PATIENCE_MS = 240_000
vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS })
const POLL = { timeout: PATIENCE_MS, interval: 100 }

let root = ''
let delegate = ''
const at = (...names: string[]): string => join(root, ...names)
const running = new Set<CliProcess>()

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cli-signing-'))
  const made = await run('init', '--dir', at('home'), '--slot', '300ms', '--json')
  expect(made.code).toBe(0)
  delegate = JSON.parse(made.out).delegate
  const words = ['--out', at('node.json'), '--password-file', at('home', 'password')]
  expect((await run('keystore', 'strip', at('home', 'keystore.json'), ...words)).code).toBe(0)
})
afterEach(async () => {
  for (const one of running) one.child.kill('SIGKILL')
  await Promise.all([...running].map(({ ended }) => ended))
  running.clear()
})
afterAll(() => rm(root, { recursive: true }))

interface Signer {
  readonly url: string
  readonly process: CliProcess
}

const token = (): string => at('token')

async function startSigner(listen: string, data: string): Promise<Signer> {
  const places = ['--keystore', at('home', 'keystore.json'), '--genesis', at('home', 'genesis.json')]
  const secrets = ['--token-file', token(), '--password-file', at('home', 'password')]
  const process = start('signer', ...places, '--data', at(data), '--listen', listen, ...secrets, '--json')
  running.add(process)
  const facts = await announced<{ listen: string; delegate: string }>(process)
  expect(facts.delegate).toBe(delegate)
  return { url: facts.listen, process }
}

/** Starts a node of the delegate, without the key, in a folder of its own. */
async function startNode(name: string, signer: string, tokenFile = token()): Promise<CliProcess> {
  const text = (await readFile(at('home', 'aelf.yaml'), 'utf8'))
    .replace('genesis: ./genesis.json', `genesis: ${at('home', 'genesis.json')}`)
    .replace('dataDir: ./data', `dataDir: ${at(name)}`)
    .replace('keystore: ./keystore.json', `keystore: ${at('node.json')}`)
    .replace('passwordFile: "./password"', `passwordFile: ${at('home', 'password')}`)
    .replace('remoteSigner: ""', `remoteSigner: ${signer}`)
    .replace('signerTokenFile: ""', `signerTokenFile: ${tokenFile}`)
  await writeFile(at(`${name}.yaml`), text)
  const ports = ['--rpc-port', '0', '--metrics-port', '0', '--p2p-listen', '/ip4/127.0.0.1/tcp/0']
  const process = start('node', '--config', at(`${name}.yaml`), ...ports, '--json')
  running.add(process)
  return process
}

async function clientOf(node: CliProcess): Promise<RpcClient> {
  const { rpc } = await announced<{ rpc: string }>(node)
  return createRpcClient({ url: rpc, retries: 4, retryDelayMs: 250, timeoutMs: 30_000 })
}

const heightOf = async (client: RpcClient): Promise<number> => Number((await client.request('aelf_chainInfo')).height)

async function beyond(client: RpcClient, height: number): Promise<void> {
  await expect.poll(() => heightOf(client), POLL).toBeGreaterThan(height)
}

/** Asks a signer as a node would. */
async function ask(url: string, path: string, body?: unknown): Promise<{ status: number; body: { code?: string } }> {
  const response = await fetch(`${url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${(await readFile(token(), 'utf8')).trim()}` },
  })
  return { status: response.status, body: await response.json() }
}

describe('a node and its signer as two processes', () => {
  test.each([
    ['a socket file', () => `unix:${at('signer.sock')}`],
    ['a port', () => '127.0.0.1:0'],
  ])('behavior: over %s, a signer that is killed and started again goes on signing', async (what, place) => {
    const name = what.replace(' ', '-')
    const first = await startSigner(place(), `signed-${name}`)
    const node = await startNode(name, first.url)
    const client = await clientOf(node)
    await beyond(client, 3)

    first.process.child.kill('SIGKILL')
    expect(await first.process.ended).toBe('SIGKILL')
    await expect.poll(() => node.out() + node.err(), POLL).toContain('signer.unreachable')
    // The node serves readers meanwhile.
    const stopped = await heightOf(client)

    const again = await startSigner(first.url.replace('http://', ''), `signed-${name}`)
    expect(again.url).toBe(first.url)
    await beyond(client, stopped + 2)
    node.child.kill('SIGTERM')
    expect(await node.ended).toBe(0)
    again.process.child.kill('SIGTERM')
    expect(await again.process.ended).toBe(0)
  })

  test('error: with a wrong token a node does not start, says why, and is not started again by itself', async () => {
    const signer = await startSigner('127.0.0.1:0', 'signed-token')
    await writeFile(at('wrong'), 'not the token, but long enough\n')
    const node = await startNode('stranger', signer.url, at('wrong'))
    expect(await node.ended).toBe(2)
    const said = node.err()
    expect(said).toContain('does not know the token')
    expect(said + node.out()).not.toContain('not the token, but')
  })

  test('behavior: two nodes of one delegate never get two signatures for a slot', async () => {
    const signer = await startSigner('127.0.0.1:0', 'signed-two')
    const nodes = await Promise.all(['one', 'two'].map((name) => startNode(name, signer.url)))
    const [a, b] = (await Promise.all(nodes.map(clientOf))) as [RpcClient, RpcClient]
    await expect.poll(async () => (await heightOf(a)) + (await heightOf(b)), POLL).toBeGreaterThan(6)
    // From here on their blocks differ, because only one of them knows of the transaction.
    const sent = run(
      ...['send', 'token.transfer', 'symbol=ELF', `to=0x${'11'.repeat(20)}`, 'amount=1elf', '--rpc', a.url],
      ...['--keystore', at('home', 'keystore.json'), '--password-file', at('home', 'password')],
    )
    const refused = (): boolean => nodes.some((node) => (node.out() + node.err()).includes('was signed before'))
    await expect.poll(refused, POLL).toBe(true)
    await sent
    const slots = new Map<string, Set<string>>()
    for (const client of [a, b]) {
      const height = await heightOf(client)
      // The other one may have had every signature so far.
      const blocks = height === 0 ? [] : await client.request('aelf_getBlocks', [1, Math.min(height, 90)])
      for (const { slot, hash } of blocks) slots.set(slot, (slots.get(slot) ?? new Set()).add(hash))
    }
    expect([...slots].filter(([, hashes]) => hashes.size > 1)).toEqual([])

    // Nor does anybody else who knows the token, before and after the signer was killed.
    const signed = (await heightOf(a)) > 0 ? a : b
    const newest = decodeHeader(hexToBytes((await signed.request('aelf_getHeader', ['latest'])).raw))
    for (const one of nodes) one.child.kill('SIGTERM')
    await Promise.all(nodes.map(({ ended }) => ended))
    const other = { ...newest, stateRoot: newest.parentHash }
    const header = bytesToHex(encodeHeader(sealHeader(other, `0x${'00'.repeat(65)}`)))
    const taken = { status: 409, body: { code: 'signer.signed' } }
    expect(await ask(signer.url, '/v1/header', { header })).toMatchObject(taken)
    signer.process.child.kill('SIGKILL')
    await signer.process.ended
    const again = await startSigner(signer.url.replace('http://', ''), 'signed-two')
    expect(await ask(again.url, '/v1/header', { header })).toMatchObject(taken)
    expect((await ask(again.url, '/v1/status')).body).toHaveProperty('last')
  })
})
