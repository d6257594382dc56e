import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { readApiSettings } from './env.ts'
import { createNodeGroup } from './nodes.ts'

const servers: Server[] = []
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }),
  )
})

interface Chain {
  readonly genesis?: string
  readonly height: number
  readonly finalized: number
  readonly hashAt: (height: number) => string
  readonly silent?: boolean
  readonly collection?: unknown
}

/** A node as far as this question goes. */
async function startNode(chain: Chain): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (chain.silent === true) return
    const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as {
      id: number
      method: string
      params: string[]
    }
    const info = {
      genesisHash: chain.genesis ?? '0xaa',
      network: 'test',
      version: '1.2.3',
      height: String(chain.height),
      headHash: '0x01',
      headSlot: String(chain.height),
      finalizedHeight: String(chain.finalized),
      genesisTimeMs: 0,
      slotMs: 1_000,
      nowMs: chain.height * 1_000,
    }
    const own = { delegate: null, collection: chain.collection }
    const result =
      method === 'aelf_chainInfo' ? info : method === 'aelf_nodeInfo' ? own : { hash: chain.hashAt(Number(params[0])) }
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const same = (height: number): string => `0x${height}`
const look = async (...chains: Chain[]) =>
  createNodeGroup({ urls: await Promise.all(chains.map(startNode)), now: () => Date.now() }).look()

describe('nodes side by side', () => {
  test('default: nodes on one chain agree at the lowest irreversible height', async () => {
    const { nodes, agreement } = await look(
      { height: 100, finalized: 90, hashAt: same },
      { height: 97, finalized: 85, hashAt: same },
    )
    expect(agreement).toMatchObject({ state: 'agree', height: 85n, hash: '0x85' })
    expect(nodes.map(({ state, behind }) => ({ state, behind }))).toEqual([
      { state: 'ok', behind: 0n },
      { state: 'ok', behind: 3n },
    ])
  })

  test('error: two blocks at one irreversible height are both named', async () => {
    const { agreement } = await look(
      { height: 100, finalized: 90, hashAt: same },
      { height: 100, finalized: 88, hashAt: (height) => `0xbad${height}` },
      { height: 100, finalized: 89, hashAt: same },
    )
    expect(agreement).toMatchObject({ state: 'conflict', height: 88n })
    const blocks = agreement.state === 'conflict' ? agreement.blocks : []
    expect(blocks.map(({ hash, nodes }) => ({ hash, nodes: nodes.length }))).toEqual([
      { hash: '0x88', nodes: 2 },
      { hash: '0xbad88', nodes: 1 },
    ])
  })

  test('behavior: heads far apart are no conflict, and no agreement either', async () => {
    const { agreement } = await look(
      { height: 100, finalized: 90, hashAt: same },
      { height: 91, finalized: 80, hashAt: same },
    )
    expect(agreement).toMatchObject({ state: 'apart', height: 80n })
  })

  test('behavior: a node of another network is shown and never compared', async () => {
    const { nodes, agreement } = await look(
      { height: 100, finalized: 90, hashAt: same },
      { genesis: '0xbb', height: 5, finalized: 1, hashAt: () => '0xother' },
    )
    expect(nodes[1]).toMatchObject({ state: 'otherNetwork' })
    expect(agreement.state).toBe('alone')
  })

  test('error: a node that never answers holds nobody up', async () => {
    const { nodes, agreement } = await look(
      { height: 100, finalized: 90, hashAt: same },
      { height: 1, finalized: 1, hashAt: same, silent: true },
    )
    expect(nodes.map(({ state }) => state)).toEqual(['ok', 'unreachable'])
    expect(agreement.state).toBe('alone')
  })

  test('behavior: what a node tells of its collection is shown, and nothing where it tells nothing or something else', async () => {
    const [running, other] = [`0x${'aa'.repeat(32)}`, `0x${'bb'.repeat(32)}`]
    const at = { height: 9, finalized: 5, hashAt: same }
    const { nodes } = await look(
      { ...at, collection: { running, signal: other, installed: [running, other, 'x'] } },
      { ...at, collection: { running, signal: null, installed: 'all' } },
      { ...at, collection: { running: 'main' } },
      at,
    )
    expect(nodes.map(({ collection }) => collection)).toEqual([
      { running, signal: other, installed: [running, other] },
      { running, installed: [] },
      undefined,
      undefined,
    ])
  })

  test('behavior: what an address carries besides host and port is never shown', async () => {
    const { nodes } = await createNodeGroup({ urls: ['http://me:secret@127.0.0.1:1/key'], now: () => 0 }).look()
    expect(JSON.stringify(nodes)).not.toContain('secret')
    expect(nodes[0]?.name).toBe('127.0.0.1:1')
  })
})

describe('AELF_RPC_URLS', () => {
  const base = { DATABASE_URL: 'postgresql://127.0.0.1/db', AELF_RPC_URL: 'http://127.0.0.1:8545' }

  test('default: the first node is always asked, and each once', () => {
    const settings = readApiSettings({ ...base, AELF_RPC_URLS: 'http://a.test:1, http://127.0.0.1:8545' })
    expect(settings.rpcUrls).toEqual(['http://127.0.0.1:8545', 'http://a.test:1'])
    expect(readApiSettings(base).rpcUrls).toEqual(['http://127.0.0.1:8545'])
  })

  test.each(['ftp://a.test', 'a.test', Array.from({ length: 17 }, (_, n) => `http://a${n}.test`).join(',')])(
    'error: %s is refused at start',
    (text) => {
      expect(() => readApiSettings({ ...base, AELF_RPC_URLS: text })).toThrow('AELF_RPC_URLS')
    },
  )
})
