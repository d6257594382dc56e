import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaultLanes } from '../executing.ts'
import { loadNodeConfig, type NodeFlags, nodeExitCode, readNodeConfig } from '../index.ts'

const read = (text: string, flags: NodeFlags = {}) => readNodeConfig({ text, folder: '/etc/aelf' }, flags)
const PEER = '/ip4/192.0.2.7/tcp/6880/p2p/12D3KooWGRUVh6BiqvWzCHKAtJGvBXWPaJvFJdMuQGxhZhCvdYyM'

describe('configuration of a node', () => {
  test('default: an empty file gives an observer on the usual ports', () => {
    expect(read('')).toEqual({
      dataDir: '/etc/aelf/data',
      genesis: '/etc/aelf/genesis.json',
      genesisHash: undefined,
      p2p: { listen: ['/ip4/0.0.0.0/tcp/6880'], announce: [], peers: [], maxPeers: 50 },
      rpc: { host: '127.0.0.1', port: 8545, origins: [], hosts: [], operators: [] },
      metrics: { host: '127.0.0.1', port: 9464, enabled: true },
      producer: undefined,
      collection: { autoInstall: undefined },
      execution: { workers: defaultLanes() },
      log: { level: 'info', format: 'json' },
      keepStates: 1024,
    })
  })

  test('default: every setting is read, and paths are relative to the file', () => {
    const config = read(`
dataDir: /var/lib/aelf
genesis: ./main.json
genesisHash: '0x${'AB'.repeat(32)}'
p2p: { listen: [/ip4/127.0.0.1/tcp/7000], announce: [/dns4/node.example/tcp/7000], peers: [${PEER}], maxPeers: 9 }
rpc: { host: 0.0.0.0, port: 0, origins: ['https://portal.example'], hosts: [node.example], operators: ['0x${'Ab'.repeat(20)}'] }
metrics: { host: '::1', port: 9000, enabled: false }
producer: { keystore: keys/one.json, passwordFile: ./pw, remoteSigner: unix:/run/signer.sock, signerTokenFile: token, watchSlots: 30 }
collection: { autoInstall: true }
execution: { workers: 3 }
log: { level: debug, format: pretty }
keepStates: 64
`)
    expect(config).toMatchObject({
      dataDir: '/var/lib/aelf',
      genesis: '/etc/aelf/main.json',
      genesisHash: `0x${'ab'.repeat(32)}`,
      p2p: { peers: [PEER], maxPeers: 9 },
      rpc: { origins: ['https://portal.example'], hosts: ['node.example'], operators: [`0x${'ab'.repeat(20)}`] },
      metrics: { host: '::1', port: 9000, enabled: false },
      producer: {
        keystore: '/etc/aelf/keys/one.json',
        passwordFile: '/etc/aelf/pw',
        remoteSigner: 'unix:/run/signer.sock',
        signerTokenFile: '/etc/aelf/token',
        watchSlots: 30,
      },
      collection: { autoInstall: true },
      execution: { workers: 3 },
      log: { level: 'debug', format: 'pretty' },
      keepStates: 64,
    })
    expect(read('collection: { autoInstall: auto }').collection).toEqual({ autoInstall: undefined })
    expect(() => read('collection: { autoInstall: maybe }')).toThrow('collection.autoInstall is true, false or auto')
  })

  test('behavior: flags override the file; peers are added to it', () => {
    const file = `p2p: { peers: [${PEER}] }\nproducer: { keystore: k }\nrpc: { port: 1 }`
    const other = PEER.replace('6880', '6881')
    const config = read(file, {
      data: '/d',
      p2pListen: ['/ip4/127.0.0.1/tcp/0'],
      peers: [other, PEER],
      rpcHost: '::',
      rpcPort: 2,
      metricsPort: 3,
      logLevel: 'warn',
      logFormat: 'pretty',
      passwordFile: '/p',
    })
    expect(config).toMatchObject({
      dataDir: '/d',
      p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], peers: [PEER, other] },
      rpc: { host: '::', port: 2 },
      metrics: { port: 3 },
      log: { level: 'warn', format: 'pretty' },
      producer: { passwordFile: '/p' },
    })
    expect(read(file, { observer: true }).producer).toBeUndefined()
  })

  test.each<[string, string, NodeFlags?]>([
    ['dataDir: 5', 'dataDir'],
    ['genesis: [a]', 'genesis'],
    ['genesisHash: abc', 'genesisHash'],
    ['genesisHash: 0x12', 'genesisHash'],
    ['datadir: ./x', 'datadir'],
    ['p2p: 3', 'p2p'],
    ['p2p: { listen: 5 }', 'p2p.listen'],
    ['p2p: { listen: [localhost:6880] }', 'p2p.listen[0]'],
    ['p2p: { peers: [/ip4/192.0.2.7/tcp/6880] }', 'p2p.peers[0]'],
    ['p2p: { announce: [/ip4/1.2.3.4/udp/1] }', 'p2p.announce[0]'],
    ['p2p: { maxPeers: 0 }', 'p2p.maxPeers'],
    ['p2p: { maxPeers: 1.5 }', 'p2p.maxPeers'],
    ['p2p: { maxpeers: 5 }', 'p2p.maxpeers'],
    ['rpc: { port: 65536 }', 'rpc.port'],
    ['rpc: { port: "8545" }', 'rpc.port'],
    ['rpc: { origins: [https://portal.example/] }', 'rpc.origins[0]'],
    ['rpc: { origins: [portal.example] }', 'rpc.origins[0]'],
    ['rpc: { operators: [0x12] }', 'rpc.operators[0]'],
    ['rpc: { hosts: ["a b"] }', 'rpc.hosts[0]'],
    ['metrics: { enabled: yes please }', 'metrics.enabled'],
    ['metrics: { port: -1 }', 'metrics.port'],
    ['producer: { }', 'producer.keystore'],
    ['producer: { keystore: k, remoteSigner: localhost }', 'producer.remoteSigner'],
    ['producer: { keystore: k, remoteSigner: ftp://a }', 'producer.remoteSigner'],
    ['producer: { keystore: k, watchSlots: -1 }', 'producer.watchSlots'],
    ['producer: { keystore: k, password: secret }', 'producer.password'],
    ['log: { level: loud }', 'log.level'],
    ['log: { format: xml }', 'log.format'],
    ['execution: { workers: 17 }', 'execution.workers'],
    ['execution: { threads: 1 }', 'execution.threads'],
    ['keepStates: 3', 'keepStates'],
    ['', '--rpc-port', { rpcPort: 70_000 }],
    ['', '--peer[0]', { peers: ['/ip4/1.2.3.4/tcp/1'] }],
    ['', '--p2p-listen[0]', { p2pListen: ['x'] }],
    ['', '--log', { logLevel: 'loud' }],
    ['', '--log-format', { logFormat: 'xml' }],
    ['', '--metrics-port', { metricsPort: 1.5 }],
  ])('error: %s names %s', (text, field, flags = {}) => {
    const wrong = (): unknown => read(text, flags)
    expect(wrong).toThrow(expect.objectContaining({ code: 'node.config', details: { field } }))
  })

  test('error: what is no list of settings', () => {
    for (const text of ['- a', '"x"', '{', 'a: *b', 'x: &a [1]\ny: *a', 'a: 1\na: 2', `a: ${'x'.repeat(70_000)}`]) {
      expect(() => read(text), text.slice(0, 20)).toThrow(expect.objectContaining({ code: 'node.config' }))
    }
  })

  test('default: a file is read; a missing one is an error of usage', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aelf-config-'))
    try {
      await writeFile(join(folder, 'aelf.yaml'), 'keepStates: 100\n')
      expect(await loadNodeConfig(join(folder, 'aelf.yaml'))).toMatchObject({
        keepStates: 100,
        dataDir: join(folder, 'data'),
      })
      const error = await loadNodeConfig(join(folder, 'none.yaml')).catch((cause: unknown) => cause)
      expect(error).toMatchObject({ code: 'node.config' })
      expect(nodeExitCode(error)).toBe(2)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
