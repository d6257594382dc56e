import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decodeTransaction, parseSignature, systemAddress, verifyTransactionSignature } from '#kernel'
import { hexToBytes, ZERO_HASH } from '#primitives'
import { formatDuration, parseDuration } from './duration.ts'
import { exitCodes } from './exit.ts'
import { keyOfHex } from './keyFile.ts'
import { clean } from './output.ts'
import { runCli } from './run.ts'

const secret = `0x${'07'.repeat(32)}`
const address = keyOfHex(secret)?.address ?? ''
const signature = 'function vote(address delegate, uint256 amount, uint32 lockDays)'
const vote = {
  contract: 'election',
  contractAddress: systemAddress(2),
  name: 'vote',
  number: 6,
  signature,
  abi: parseSignature(signature),
  intent: 'Lock {amount:elf} ELF for {lockDays} days and vote for {delegate}',
  doc: '',
  nonParallel: false,
}
const info = {
  network: 'aelf devnet',
  chainId: 1,
  walletChainId: 6118001,
  genesisHash: ZERO_HASH,
  genesisTimeMs: 0,
  slotMs: 4000,
  termSeconds: 604800,
  height: '9',
  headHash: `0x${'ab'.repeat(32)}`,
  headSlot: '9',
  prevotedHeight: '8',
  finalizedHeight: '7',
  round: '1',
  term: 0,
  termEndsAtMs: 100_000,
  nowMs: 36_000,
  devnet: true,
  engines: { signature: 'noble', hash: 'noble' },
  version: '0.1.0',
  nodes: 20,
}
const id = `0x${'cd'.repeat(32)}`

type Answer = unknown | ((params: unknown[]) => unknown)
const answers: Record<string, Answer> = {}
class Refusal {
  readonly code: string
  constructor(code: string) {
    this.code = code
  }
}
let server: Server
let url = ''
let folder = ''
let sent: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { id: call, method, params } = JSON.parse(body)
      const found = answers[method]
      const result = typeof found === 'function' ? found(params) : found
      const error =
        result instanceof Refusal || result === undefined
          ? {
              code: 1,
              message: 'no',
              data: {
                code: result instanceof Refusal ? result.code : 'rpc.methodNotFound',
                help: 'Do something else.',
                retryable: false,
              },
            }
          : undefined
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call, ...(error ? { error } : { result }) }))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  sent = []
  for (const name of Object.keys(answers)) delete answers[name]
  Object.assign(answers, {
    aelf_chainInfo: info,
    aelf_getMetadata: {
      contracts: [
        {
          name: 'election',
          number: 2,
          address: systemAddress(2),
          methods: [vote],
          items: [],
          events: [],
          errors: [],
          views: [],
        },
      ],
    },
    aelf_devAccounts: [{ address, privateKey: secret, label: 'one' }],
    aelf_simulate: { ok: true, fee: '300000', intent: 'Lock 5 ELF' },
    aelf_sendTransaction: (params: unknown[]) => {
      sent.push(String(params[0]))
      return { id }
    },
    aelf_getTransaction: {
      id,
      status: 'included',
      block: { height: '10', hash: ZERO_HASH, index: 0 },
      receipt: { status: 'success', fee: '300000', events: [] },
      confirmations: 1,
      finalized: false,
    },
    aelf_fastForward: (params: unknown[]) => ({ nowMs: (params[0] as { seconds: number }).seconds, height: '10' }),
  })
})

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const code = await runCli(words, {
    out: (text) => {
      out += `${text}\n`
    },
    err: (text) => {
      err += `${text}\n`
    },
    env: { AELF_RPC_URL: url },
    interrupted: new AbortController().signal,
  })
  expect(out + err).not.toMatch(words.includes('--show') ? /\0/ : /07070707/)
  return { code, out, err }
}

describe('exit codes', () => {
  test.each<[string, string[], keyof typeof exitCodes]>([
    ['done', ['status'], 'ok'],
    ['help', ['--help'], 'ok'],
    ['version', ['--version'], 'ok'],
    ['help of a command', ['send', '--help'], 'ok'],
    ['no such command', ['dance'], 'usage'],
    ['no such option', ['status', '--loud'], 'usage'],
    ['missing argument', ['tx'], 'usage'],
    ['not an id', ['tx', '0x12'], 'usage'],
    ['not a block', ['block', '-1'], 'usage'],
    ['not an address of a node', ['status', '--rpc', 'nowhere'], 'usage'],
    ['not a duration', ['fast-forward', 'soon'], 'usage'],
    ['no key', ['vote', address, '5', '--days', '90'], 'usage'],
    ['both keys', ['vote', address, '5', '--days', '90', '--demo', '1', '--key-file', 'x'], 'usage'],
    ['no such demo account', ['vote', address, '5', '--days', '90', '--demo', '9'], 'usage'],
    ['no such method', ['send', 'election.dance', '--demo', '1'], 'usage'],
    ['no such argument', ['send', 'election.vote', 'who=me', '--demo', '1'], 'usage'],
    ['argument missing', ['send', 'election.vote', 'amount=1', '--demo', '1'], 'usage'],
    [
      'no key file',
      ['send', 'election.vote', `delegate=${address}`, 'amount=1', 'lockDays=90', '--key-file', '/nonexistent/key'],
      'usage',
    ],
    ['key would be lost', ['keys', 'new'], 'usage'],
    ['nobody there', ['status', '--rpc', 'http://127.0.0.1:1'], 'unreachable'],
  ])('behavior: %s', async (_name, words, code) => {
    const result = await run(...words)
    expect(result.code).toBe(exitCodes[code])
    if (code !== 'ok') expect(result.err).not.toBe('')
  })

  test('error: refused by the chain, before and after it was sent', async () => {
    const words = ['vote', address, '5', '--days', '90', '--demo', '1']
    answers['aelf_simulate'] = {
      ok: false,
      fee: '1',
      intent: '',
      error: { code: 'election.belowMinimum', help: 'Lock at least 1 ELF.' },
    }
    const before = await run(...words)
    expect(before.code).toBe(exitCodes.refused)
    expect(before.err).toContain('Lock at least 1 ELF.')
    expect(sent).toEqual([])
    answers['aelf_simulate'] = { ok: true, fee: '1', intent: 'x' }
    answers['aelf_sendTransaction'] = new Refusal('tx.poolFull')
    expect((await run(...words)).code).toBe(exitCodes.refused)
    answers['aelf_sendTransaction'] = { id }
    answers['aelf_getTransaction'] = {
      id,
      status: 'included',
      receipt: { status: 'failed', error: { code: 'election.x', help: 'Y.' }, fee: '1', events: [] },
    }
    expect((await run(...words)).code).toBe(exitCodes.refused)
    answers['aelf_getTransaction'] = { id, status: 'expired' }
    expect((await run(...words)).code).toBe(exitCodes.refused)
    answers['aelf_getTransaction'] = { id, status: 'pending' }
    expect((await run(...words, '--timeout', '300ms')).code).toBe(exitCodes.failure)
  })

  test('error: other failures, as JSON when asked', async () => {
    answers['aelf_getBlock'] = new Refusal('block.notFound')
    const { code, err } = await run('block', '99', '--json')
    expect(code).toBe(exitCodes.failure)
    expect(JSON.parse(err).error).toMatchObject({ code: 'block.notFound', help: 'Do something else.' })
    answers['aelf_getTransaction'] = { id, status: 'unknown' }
    expect((await run('tx', id)).code).toBe(exitCodes.failure)
    expect((await run('delegates')).code).toBe(exitCodes.failure)
  })
})

describe('signing', () => {
  test('default: the vote that was sent is signed by the key for this network', async () => {
    const { code, out } = await run('vote', address, '1,200.5', '--days', '365', '--demo', '1')
    expect(code).toBe(exitCodes.ok)
    expect(out).toContain('success')
    const transaction = decodeTransaction(hexToBytes(sent[0] ?? ''))
    expect(transaction).toMatchObject({
      from: address,
      method: 6,
      refHeight: 9n,
      refHash: '0xabababababababab',
      walletChainId: 6118001n,
      feeLimit: 600_000n,
    })
    expect(verifyTransactionSignature(transaction, vote, { name: info.network, genesisHash: ZERO_HASH })).toBe(true)
  })

  test('behavior: a new key can be kept and used', async () => {
    const path = join(folder, 'my.key')
    const made = await run('keys', 'new', '--out', path)
    expect(made.code).toBe(exitCodes.ok)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const { privateKey, address: from } = JSON.parse(await readFile(path, 'utf8'))
    expect(made.out).toContain(from)
    expect(made.out).not.toContain(privateKey.slice(2, 20))
    expect((await run('keys', 'new', '--out', path)).code).toBe(exitCodes.failure)
    const words = [
      'send',
      'election.vote',
      `delegate=${address}`,
      'amount=2.5elf',
      'lockDays=90',
      '--no-wait',
      '--fee-limit',
      '0.01',
    ]
    expect((await run(...words, '--key-file', path)).code).toBe(exitCodes.ok)
    expect(decodeTransaction(hexToBytes(sent[0] ?? ''))).toMatchObject({ from, feeLimit: 1_000_000n })
    expect((await run('keys', 'new', '--show', '--json')).out).toMatch(/"privateKey": "0x[0-9a-f]{64}"/)
  })

  test('error: a file without a key is refused without showing it', async () => {
    const path = join(folder, 'other')
    await writeFile(path, 'my diary 07070707')
    const { code, err } = await run(
      'send',
      'election.vote',
      `delegate=${address}`,
      'amount=1',
      'lockDays=90',
      '--key-file',
      path,
    )
    expect(code).toBe(exitCodes.usage)
    expect(err).not.toContain('diary')
  })
})

describe('output', () => {
  test('behavior: JSON is one document', async () => {
    expect(JSON.parse((await run('status', '--json')).out)).toEqual(info)
    expect(JSON.parse((await run('fast-forward', '90d', '--json')).out).nowMs).toBe(7_776_000)
  })

  test('behavior: every command explains itself with examples and exit codes', async () => {
    for (const words of [
      ['devnet'],
      ['status'],
      ['block'],
      ['tx'],
      ['account'],
      ['delegates'],
      ['round'],
      ['send'],
      ['vote'],
      ['fast-forward'],
      ['keys', 'new'],
    ]) {
      const { out } = await run(...words, '--help')
      expect(out).toContain('Examples:')
      expect(out).toContain('Exit codes:')
      expect(out).toContain('--json')
    }
  })

  test('behavior: text from the chain cannot steer the terminal', () => {
    expect(clean('a\u001b[31mb\u202ec\n')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{a}')
  })

  test.each([
    ['1s', 1_000],
    ['4s', 4_000],
    ['90d', 7_776_000_000],
    ['500ms', 500],
    ['2h', 7_200_000],
    ['1w', 604_800_000],
  ])('behavior: %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test('error: what is no duration', () => {
    for (const text of ['', '4', '0s', '-1s', '1.5s', '4 s', '999999999w', 's'])
      expect(() => parseDuration(text)).toThrow()
    expect(parseDuration('250', 'ms')).toBe(250)
    expect(formatDuration(93_784_000)).toBe('1 d 2 h')
  })
})
