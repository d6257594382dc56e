import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { descriptors } from '#contracts/metadata'
import { decodeArgs, decodeTransaction, type FieldValues } from '#kernel'
import { hexToBytes, ZERO_HASH } from '#primitives'
import { exitCodes } from './exit.ts'
import { type Ended, run } from './testing/run.ts'

const secret = `0x${'07'.repeat(32)}`
const id = `0x${'5f'.repeat(32)}`
const sha = (bytes: string): string => `0x${createHash('sha256').update(bytes).digest('hex')}`
const [TEXT, ARCHIVE] = ['# A text', 'archive bytes']
const proposal = {
  proposalId: id,
  number: 1,
  title: 'Faster\u202e rounds',
  author: `0x${'11'.repeat(20)}`,
  textHash: sha(TEXT),
  archiveHash: sha(ARCHIVE),
  archiveBytes: '13',
  bundleHash: ZERO_HASH,
  status: 1,
  submittedAt: '1700000000000',
  endsAt: '1701000000000',
  electorate: 4,
  quorum: 3,
  adopted: 2,
  declined: 1,
  deposit: '100000000000',
}

let answers: Record<string, unknown>
let sent: string[] = []
let server: Server
let url = ''
let folder = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { id: number, method, params } = JSON.parse(body)
      if (method === 'aelf_sendTransaction') sent.push(params[0])
      const result = method === 'aelf_call' ? answers[params[1]] : answers[method]
      response.end(JSON.stringify({ jsonrpc: '2.0', id: number, result }))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  folder = await mkdtemp(join(tmpdir(), 'cli-proposal-'))
  await writeFile(join(folder, 'my.key'), secret, { mode: 0o600 })
  await writeFile(join(folder, 'text.md'), TEXT)
  await writeFile(join(folder, 'source.tar.gz'), ARCHIVE)
  await writeFile(join(folder, 'empty'), '')
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  sent = []
  const chain = {
    network: 'aelf test',
    chainId: 1,
    walletChainId: 6118002,
    genesisHash: ZERO_HASH,
    genesisTimeMs: 0,
    slotMs: 4000,
    height: '9',
    headHash: `0x${'ab'.repeat(32)}`,
    nowMs: 36_000,
    devnet: false,
  }
  answers = {
    aelf_chainInfo: chain,
    aelf_nodeInfo: { sync: { state: 'synced', height: '9', targetHeight: '9' } },
    aelf_simulate: { ok: true, fee: '300000', intent: 'x' },
    aelf_sendTransaction: { id },
    proposals: [proposal],
    proposal,
    electorate: [
      { producer: `0x${'22'.repeat(20)}`, choice: 1, chosenAt: '5' },
      { producer: `0x${'33'.repeat(20)}`, choice: 0, chosenAt: '0' },
    ],
    reviews: [{ reviewer: `0x${'22'.repeat(20)}`, verdict: 2, checklist: 5, reviewHash: ZERO_HASH, reviewedAt: '5' }],
  }
})

const ask = (...words: string[]): Promise<Ended> => run('proposal', ...words, '--rpc', url)
const sign = (...words: string[]): Promise<Ended> => ask(...words, '--key-file', join(folder, 'my.key'), '--no-wait')
const called = (): (FieldValues & { method: string })[] =>
  sent.map((envelope) => {
    const { contract, method, args } = decodeTransaction(hexToBytes(envelope))
    const found = descriptors
      .flatMap(({ methods }) => methods)
      .find((one) => one.contractAddress === contract && one.number === method)
    if (found === undefined) throw new Error('a known method')
    return { method: `${found.contract}.${found.name}`, ...decodeArgs(found.abi, args) }
  })

describe('proposals', () => {
  test('default: a list and a proposal in words, and as JSON', async () => {
    const { code, out } = await ask('list')
    expect(code).toBe(exitCodes.ok)
    expect(out).toContain('2 of 3 (4)')
    // Nothing in a title steers the terminal.
    expect(out).toContain('Faster\\u{202e} rounds')
    expect(JSON.parse((await ask('list', '--json')).out)).toHaveLength(1)
    const shown = await ask('show', id)
    expect(shown.out).toMatch(/0x22.*adopt/)
    expect(shown.out).toMatch(/0x33.*–/)
    expect(shown.out).toMatch(/concerns +1,3/)
    expect(JSON.parse((await ask('show', id, '--json')).out)).toMatchObject({
      proposalId: id,
      reviews: [{ verdict: 2 }],
    })
    expect((await ask('list', '--limit', '51')).code).toBe(exitCodes.usage)
    expect((await ask('show', '0x12')).code).toBe(exitCodes.usage)
    answers['proposal'] = null
    expect((await ask('show', id)).code).toBe(exitCodes.failure)
  })

  test('behavior: a choice names the hashes of the chain, and files at hand must have them', async () => {
    const files = ['--text', join(folder, 'text.md'), '--archive', join(folder, 'source.tar.gz')]
    expect(await sign('adopt', id)).toMatchObject({ code: exitCodes.ok, err: '' })
    expect((await sign('decline', id, ...files)).code).toBe(exitCodes.ok)
    const hashes = { proposalId: id, textHash: proposal.textHash, archiveHash: proposal.archiveHash }
    expect(called()).toEqual([
      { method: 'proposal.adopt', ...hashes },
      { method: 'proposal.decline', ...hashes },
    ])
    const { code, err } = await sign('adopt', id, '--archive', join(folder, 'text.md'))
    expect(code).toBe(exitCodes.failure)
    expect(err).toContain('not what was proposed')
    expect((await sign('adopt', id, '--text', join(folder, 'none'))).code).toBe(exitCodes.usage)
    expect(sent).toHaveLength(2)
  })

  test('behavior: a review has a verdict and the answers by their bits', async () => {
    const { code } = await sign(
      ...['review', id, '--verdict', 'concerns', '--checklist', '1,2,8', '--text', join(folder, 'text.md')],
    )
    expect(code).toBe(exitCodes.ok)
    expect(called()).toEqual([
      {
        method: 'proposal.review',
        proposalId: id,
        archiveHash: proposal.archiveHash,
        verdict: 2,
        reviewHash: sha(TEXT),
        checklist: 131,
      },
    ])
    expect((await sign('review', id, '--verdict', 'good')).code).toBe(exitCodes.usage)
    for (const list of ['9', '1,1', 'x'])
      expect((await sign('review', id, '--verdict', 'sound', '--checklist', list)).code).toBe(exitCodes.usage)
    expect(sent).toHaveLength(1)
  })

  test('behavior: a submission names what sha256sum shows of both files', async () => {
    const given = ['--title', 'A title', '--text', join(folder, 'text.md'), '--archive', join(folder, 'source.tar.gz')]
    expect((await sign('submit', ...given)).code).toBe(exitCodes.ok)
    expect(called()).toEqual([
      {
        method: 'proposal.submit',
        title: 'A title',
        textHash: sha(TEXT),
        archiveHash: sha(ARCHIVE),
        archiveBytes: 13n,
        bundleHash: ZERO_HASH,
      },
    ])
    expect((await sign('submit', ...given, '--bundle', '0x1')).code).toBe(exitCodes.usage)
    const empty = ['--title', 'A title', '--text', join(folder, 'empty'), '--archive', join(folder, 'source.tar.gz')]
    expect((await sign('submit', ...empty)).code).toBe(exitCodes.usage)
    expect(sent).toHaveLength(1)
  })

  test('behavior: withdrawing and expiring name the proposal', async () => {
    await sign('withdraw', id)
    await sign('expire', id)
    expect(called().map(({ method }) => method)).toEqual(['proposal.withdraw', 'proposal.expire'])
    expect((await sign('withdraw', 'x')).code).toBe(exitCodes.usage)
  })
})
