import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeHeader, decodeSparseProof, verifyHeaderSignature, verifySparseProof } from '#kernel'
import { hexToBytes } from '#primitives'
import { createRpcClient, createWsClient, type RouteName, type RpcClient } from '#rpc/client'
import { routes } from '#rpc/routes'
import { runCli } from './run.ts'

/** Polls with a patience that also a busy machine keeps. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 5 })

let folder = ''
let url = ''
let client: RpcClient

interface Running {
  readonly url: string
  readonly genesis: string
  readonly height: number
  stop(): Promise<number>
}

async function startDevnet(...more: string[]): Promise<Running> {
  const stop = new AbortController()
  let tell: (text: string) => void = () => {}
  const announced = new Promise<string>((resolve) => {
    tell = resolve
  })
  const ended = runCli(
    [
      'devnet',
      '--port',
      '0',
      '--slot',
      '200',
      '--delegates',
      '4',
      '--backups',
      '1',
      '--log',
      'error',
      '--json',
      ...more,
    ],
    { out: tell, err: tell, env: {}, interrupted: stop.signal },
  )
  const facts = JSON.parse(await announced)
  return {
    url: facts.rpc,
    genesis: facts.genesis,
    height: Number(facts.height),
    stop: () => {
      stop.abort()
      return ended
    },
  }
}

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const terminal = {
    out: (text: string) => {
      out += `${text}\n`
    },
    err: (text: string) => {
      err += `${text}\n`
    },
    env: { AELF_RPC_URL: url },
    interrupted: new AbortController().signal,
  }
  const code = await runCli(words, terminal)
  return { code, out, err }
}

describe('a development network', () => {
  let network: Running
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'devnet-'))
    network = await startDevnet('--data', folder)
    url = network.url
    // Every answer is checked against the schema of its route.
    client = createRpcClient({ url, schemas: routes })
  })
  afterAll(async () => {
    await network.stop()
    await rm(folder, { recursive: true })
  })

  test('default: a vote sent from the command line counts, is shown and is proven', async () => {
    const backup = (await client.request('aelf_getDelegates')).find(({ isProducer }) => !isProducer)
    expect(backup?.status).toBe('backup')
    const voted = await run('vote', backup?.address ?? '', '250', '--days', '90', '--demo', '1', '--json')
    expect(voted.err).toBe('')
    const { id, from, receipt } = JSON.parse(voted.out)
    expect(receipt.status).toBe('success')
    expect((await run('tx', id)).out).toContain('Lock 250 ELF for 90 days')
    const shown = JSON.parse((await run('account', from, '--json')).out)
    expect(shown.positions).toMatchObject([{ lockId: id, delegate: backup?.address, amount: '25000000000' }])
    expect((await run('account', from)).out).toContain(backup?.address ?? '?')
    const after = (await client.request('aelf_getDelegates')).find(({ address }) => address === backup?.address)
    expect(BigInt(after?.weight ?? 0) - BigInt(backup?.weight ?? 0)).toBe(25_000_000_000n)

    const proof = await client.request('aelf_getProof', ['election', 'positions', [id]])
    const header = decodeHeader(hexToBytes(proof.header))
    expect(verifyHeaderSignature(header)).toBe(true)
    expect(
      verifySparseProof(
        header.stateRoot,
        proof.path,
        hexToBytes(proof.value ?? '0x'),
        decodeSparseProof(hexToBytes(proof.proof)),
      ),
    ).toBe(true)
    expect((await client.request('aelf_getTransactionProof', [id])).id).toBe(id)
  })

  test('error: what the chain refuses ends with 4 and its reason', async () => {
    const { address } = (await client.request('aelf_devAccounts'))[0] ?? { address: '' }
    const small = await run('vote', address, '0.5', '--days', '90', '--demo', '1')
    expect(small.code).toBe(4)
    expect(small.err).not.toBe('')
    const rich = await run(
      'send',
      'token.transfer',
      `to=${address}`,
      'symbol=ELF',
      'amount=9999999999elf',
      '--demo',
      '2',
    )
    expect(rich.code).toBe(4)
  })

  test('behavior: every reading method answers by its schema', async () => {
    const calls: readonly [RouteName, unknown[]][] = [
      ['aelf_chainInfo', []],
      ['aelf_getBlock', ['genesis', { transactions: 'full' }]],
      ['aelf_getBlock', ['finalized']],
      ['aelf_getBlocks', [0, 99]],
      ['aelf_getHeader', ['latest']],
      ['aelf_getRound', []],
      ['aelf_getRound', [1]],
      ['aelf_getTerm', []],
      ['aelf_getDelegates', []],
      ['aelf_getMempool', []],
      ['aelf_getMetadata', []],
      ['aelf_devAccounts', []],
      ['aelf_call', ['election', 'currentTerm']],
      ['aelf_getTransaction', [`0x${'1'.repeat(64)}`]],
    ]
    const loose = client as { request(name: RouteName, params: unknown[]): Promise<unknown> }
    for (const [name, params] of calls) await expect(loose.request(name, params)).resolves.toBeDefined()
    for (const words of [['status'], ['block', 'latest'], ['delegates'], ['round']])
      expect((await run(...words)).code).toBe(0)
  })

  test('behavior: heads arrive while the chain grows, also after a jump', async () => {
    const socket = createWsClient({ url })
    const heights: number[] = []
    await socket.subscribe('heads', ({ height }) => {
      heights.push(Number(height))
    })
    expect((await run('fast-forward', '8d')).code).toBe(0)
    await eventually(() => heights.length).toBeGreaterThan(3)
    expect(heights).toEqual([...heights].sort((a, b) => a - b))
    await eventually(async () => (await client.request('aelf_chainInfo')).term).toBeGreaterThan(1)
    socket.close()
  })

  test('behavior: it goes on where it ended', async () => {
    expect(await network.stop()).toBe(0)
    expect((await run('status')).code).toBe(3)
    const before = network
    network = await startDevnet('--data', folder)
    url = network.url
    expect(network.genesis).toBe(before.genesis)
    expect(network.height).toBeGreaterThan(3)
  })

  test('error: a taken port and wrong settings are explained', async () => {
    const port = new URL(url).port
    const taken = await run('devnet', '--port', port, '--delegates', '1', '--backups', '0', '--log', 'silent')
    expect(taken.code).toBe(1)
    expect(taken.err).toContain('--port')
    for (const words of [
      ['--slot', '1ms'],
      ['--slot', 'fast'],
      ['--port', '99999'],
      ['--delegates', '0'],
      ['--log', 'loud'],
      ['--fast-forward', '5'],
    ]) {
      expect((await run('devnet', ...words)).code).toBe(2)
    }
  })
})
