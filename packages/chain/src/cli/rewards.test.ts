import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { descriptors } from '#contracts/metadata'
import { decodeArgs, decodeTransaction } from '#kernel'
import { hexToBytes, ZERO_HASH } from '#primitives'
import { exitCodes } from './exit.ts'
import { keyOfHex } from './keyFile.ts'
import { type Ended, run } from './testing/run.ts'

const secret = `0x${'07'.repeat(32)}`
const address = keyOfHex(secret)?.address ?? ''
const votes = [1, 2, 3].map((number) => `0x${`0${number}`.repeat(32)}`)
const info = {
  network: 'aelf test',
  chainId: 1,
  walletChainId: 6118002,
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
  devnet: false,
  engines: { signature: 'noble', hash: 'noble' },
  version: '0.1.0',
  nodes: 1,
  warnings: [{ code: 'peers.few', message: 'One peer is left' }],
}
const sync = { state: 'synced', height: '9', targetHeight: '9' }
const nodeInfo = {
  version: '0.1.0',
  network: info.network,
  chainId: 1,
  genesisHash: ZERO_HASH,
  startedAtMs: 6_000,
  nowMs: 36_000,
  delegate: address,
  role: 'producer',
  peers: 1,
  sync,
  engines: info.engines,
  platform: 'node v24 linux x64',
}

let answers: Record<string, unknown>
let sent: string[] = []
let server: Server
let url = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { id, method, params } = JSON.parse(body)
      if (method === 'aelf_sendTransaction') sent.push(params[0])
      const result = method === 'aelf_call' ? answers[params[1]] : answers[method]
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})
beforeEach(() => {
  sent = []
  answers = {
    aelf_chainInfo: info,
    aelf_nodeInfo: nodeInfo,
    aelf_devAccounts: [{ address, privateKey: secret, label: 'one' }],
    aelf_simulate: { ok: true, fee: '300000', intent: 'x' },
    aelf_sendTransaction: { id: votes[0] },
    claimableCommission: '250000000',
    positionsOf: votes.map((lockId) => ({ lockId })),
    claimables: [
      { lockId: votes[0], amount: '100000000' },
      { lockId: votes[2], amount: '0' },
    ],
  }
})

const claim = (...words: string[]): Promise<Ended> => run('claim', '--demo', '1', '--rpc', url, '--no-wait', ...words)
const called = (): string[] =>
  sent.map((envelope) => {
    const { contract, method, args } = decodeTransaction(hexToBytes(envelope))
    const found = descriptors
      .flatMap(({ methods }) => methods)
      .find((one) => one.contractAddress === contract && one.number === method)
    if (found === undefined) throw new Error('a known method')
    return [found.name, ...Object.values(decodeArgs(found.abi, args))].join(' ')
  })

describe('claiming', () => {
  test('default: commission and every vote that earned something are paid', async () => {
    const { code, out } = await claim()
    expect(code).toBe(exitCodes.ok)
    expect(out).toContain('2.5 ELF of commission')
    expect(called()).toEqual(['claimCommission', `claim ${votes[0]}`])
    expect(JSON.parse((await claim('--json')).out).transactions).toHaveLength(2)
  })

  test('behavior: a dry run shows and sends nothing; nothing to claim is no failure', async () => {
    expect(JSON.parse((await claim('--dry-run', '--json')).out).payments).toHaveLength(2)
    Object.assign(answers, { claimableCommission: '0', claimables: [] })
    const { code, out } = await claim()
    expect(code).toBe(exitCodes.ok)
    expect(out).toContain('nothing to claim')
    expect(sent).toEqual([])
  })

  test('error: an answer that is none sends nothing', async () => {
    for (const wrong of [
      { claimables: [{ lockId: 'x', amount: '5' }] },
      { positionsOf: 5 },
      { claimableCommission: null },
    ]) {
      const before = { ...answers }
      Object.assign(answers, wrong)
      expect((await claim()).code).toBe(exitCodes.failure)
      answers = before
    }
    expect(sent).toEqual([])
  })

  test('error: nothing is signed by the head of a node that lags', async () => {
    for (const state of ['syncing', 'waiting', 'suspended']) {
      answers['aelf_nodeInfo'] = { ...nodeInfo, sync: { ...sync, state } }
      const { code, err } = await claim()
      expect(code).toBe(exitCodes.failure)
      expect(err).toContain('aelf status')
    }
    expect(sent).toEqual([])
  })
})

describe('status of a node', () => {
  test('default: role, sync, peers, next slot and warnings', async () => {
    answers['aelf_getRound'] = {
      number: '1',
      term: 0,
      startTimeMs: 0,
      finalized: false,
      slots: [
        { slot: '8', timeMs: 32_000, producer: address, isExtra: false, state: 'produced', height: '8' },
        { slot: '12', timeMs: 48_000, producer: address, isExtra: false, state: 'upcoming' },
      ],
      excluded: [],
    }
    const { code, out, err } = await run('status', '--rpc', url)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/role +producer/)
    expect(out).toMatch(/sync +synced/)
    expect(out).toMatch(/next slot +in 12 s/)
    expect(out).toContain('WARNING peers.few: One peer is left')
    expect(JSON.parse((await run('status', '--rpc', url, '--json')).out)).toMatchObject({
      nextSlotAtMs: 48_000,
      node: { role: 'producer' },
    })
  })
})
