import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRpcClient } from '@aelf/chain/rpc'
import { recoverMessageAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Address, Hash, Hex } from '#domain'
import {
  type BaseError,
  getNodeInfo,
  getOperatorLogs,
  getOperatorStatus,
  pair,
  requestPairing,
  unpair,
} from './index.ts'

const operator = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const stranger = privateKeyToAccount(`0x${'22'.repeat(32)}`)
const addressOf = (account: { address: string }): Address => account.address.toLowerCase() as Address
const GENESIS: Hash = `0x${'cd'.repeat(32)}`

/** A node that pairs, as far as its clients can tell. */
function createFakeNode() {
  const nonces = new Map<string, { address: string; message: string }>()
  const tokens = new Set<string>()
  let made = 0
  const refuse = (code: string): never => {
    throw Object.assign(new Error(code), { refusal: code })
  }
  const known = (token: unknown): void => void (tokens.has(String(token)) || refuse('operator.tokenUnknown'))
  const words = {
    message: (address: string, nonce: string): string =>
      `Pair with node 12D3Koo\nNetwork aelf\nAddress ${address}\nNonce ${nonce}`,
  }
  const node = {
    words,
    tokens,
    methods: {
      aelf_nodeInfo: () => ({ version: '0.1.0', network: 'aelf test', genesisHash: GENESIS }),
      aelf_operatorChallenge: ([address]: readonly unknown[]) => {
        const nonce = `nonce${made++}`
        const message = words.message(String(address), nonce)
        nonces.set(nonce, { address: String(address), message })
        return { nonce, message, expiresAtMs: 1 }
      },
      aelf_operatorPair: async ([nonce, signature]: readonly unknown[]) => {
        const found = nonces.get(String(nonce)) ?? refuse('operator.nonceUnknown')
        nonces.delete(String(nonce))
        const signer = await recoverMessageAddress({ message: found.message, signature: signature as Hex })
        if (signer.toLowerCase() !== found.address || signer !== operator.address) refuse('operator.notOperator')
        const token = `token${made++}`
        tokens.add(token)
        return { token, address: found.address, expiresAtMs: 1 }
      },
      aelf_operatorStatus: ([token]: readonly unknown[]) => {
        known(token)
        return { warnings: [] }
      },
      aelf_operatorLogs: ([token, options]: readonly unknown[]) => {
        known(token)
        return [{ timeMs: 1, level: 'warn', message: JSON.stringify(options), fields: {} }]
      },
      aelf_operatorUnpair: ([token]: readonly unknown[]) => tokens.delete(String(token)),
    } as Record<string, (params: readonly unknown[]) => unknown>,
  }
  return node
}

let node = createFakeNode()
let server: Server
let url = ''

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as {
      id: number
      method: string
      params: readonly unknown[]
    }
    const body = await Promise.resolve()
      .then(() => node.methods[method]?.(params))
      .then(
        (result) => ({ result }),
        (error: { refusal?: string }) => ({
          error: { code: -32_000, message: 'Refused', data: { code: error.refusal, help: 'Do otherwise.' } },
        }),
      )
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...body }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  node = createFakeNode()
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const clientAt = (address: string) => createRpcClient({ url: address, retries: 0 })

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return (error as BaseError).code
  }
  return 'nothing was thrown'
}

describe('pairing with a node', () => {
  test('default: a signed challenge gives a token, which opens status and logs until it is given back', async () => {
    const client = clientAt(url)
    const challenge = await requestPairing(client, { address: addressOf(operator) })
    const signature = await operator.signMessage({ message: challenge.message })
    const { token } = await pair(client, { challenge, signature })
    expect(await getOperatorStatus(client, { token })).toEqual({ warnings: [] })
    const [line] = await getOperatorLogs(client, { token, limit: 10, level: 'warn' })
    expect(line?.message).toBe('{"limit":10,"level":"warn"}')
    await unpair(client, { token })
    expect(await codeOf(getOperatorStatus(client, { token }))).toBe('operator.tokenUnknown')
  })

  test('error: a stranger is refused, and a challenge serves once', async () => {
    const client = clientAt(url)
    const challenge = await requestPairing(client, { address: addressOf(stranger) })
    const signature = await stranger.signMessage({ message: challenge.message })
    expect(await codeOf(pair(client, { challenge, signature }))).toBe('operator.notOperator')
    expect(await codeOf(pair(client, { challenge, signature }))).toBe('operator.nonceUnknown')
    expect(node.tokens.size).toBe(0)
  })

  test('error: a node of another network is named as such', async () => {
    expect(await codeOf(getNodeInfo(clientAt(url), { genesisHash: `0x${'00'.repeat(32)}` }))).toBe(
      'operator.wrongNetwork',
    )
    expect((await getNodeInfo(clientAt(url), { genesisHash: GENESIS })).network).toBe('aelf test')
  })

  test('error: an address where nobody answers is unreachable', async () => {
    expect(await codeOf(getNodeInfo(clientAt('http://127.0.0.1:1')))).toBe('client.unreachable')
  })

  test.each([
    [
      'a sign-in to a website',
      (address: string, nonce: string) =>
        `portal.example wants you to sign in with your Ethereum account:\n${address}\n\nNonce: ${nonce}`,
    ],
    ['a text for another address', (_: string, nonce: string) => `Pair ${nonce} with ${addressOf(stranger)}`],
    ['a text without the nonce', (address: string) => `Pair ${address}`],
    ['an endless text', (address: string, nonce: string) => `${address} ${nonce} ${'x'.repeat(2_000)}`],
  ])('error: %s is never offered for signing', async (_, message) => {
    node.words.message = message
    expect(await codeOf(requestPairing(clientAt(url), { address: addressOf(operator) }))).toBe(
      'operator.strangeChallenge',
    )
  })
})
