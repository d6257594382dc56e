import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMainChain, type MainChain } from '#chains'
import {
  encodeArgs,
  type Header,
  headerHash,
  sealHeader,
  slotTimeMs,
  type UnsignedTransaction,
  verifyHeaderSignature,
} from '#kernel'
import { bytesToHex, hexToBytes, type Logger, ZERO_HASH } from '#primitives'
import { createMemoryStore } from '#store'
import { createTestNetwork, PASSWORD, quiet, type TestNetwork } from '../daemon/testing/network.ts'
import { createLogger, createRedactor, type RunningSigner, type SignerConfig, startRemoteSigner } from '../index.ts'
import { openRemoteSigner, type RemoteSigner, type RemoteSignerOptions } from './remoteSigner.ts'
import { openStoreRecord } from './signedRecord.ts'

const TOKEN = 'a token that nodes know'
let world: TestNetwork
let chain: MainChain
let folder = ''
const signers: RunningSigner[] = []
let now = 0

beforeEach(async () => {
  world = await createTestNetwork(2, 1000)
  chain = createMainChain(world.genesis)
  folder = await mkdtemp(join(tmpdir(), 'aelf-signer-'))
  await writeFile(join(folder, 'token'), `${TOKEN}\n`)
  now = Number(slotTimeMs(chain.genesis, 100n))
})
afterEach(async () => {
  for (const signer of signers.splice(0)) await signer.stop()
  await world.remove()
  await rm(folder, { recursive: true, force: true })
})

const configOf = (changes: Partial<SignerConfig> = {}): SignerConfig => ({
  keystore: join(world.folder, 'keystore0.json'),
  genesis: join(world.folder, 'genesis.json'),
  dataDir: join(folder, 'data'),
  listen: '127.0.0.1:0',
  tokenFile: join(folder, 'token'),
  passwordFile: join(world.folder, 'password'),
  ...changes,
})
async function serve(changes: Partial<SignerConfig> = {}, logger: Logger = quiet): Promise<RunningSigner> {
  const signer = await startRemoteSigner(configOf(changes), { logger, now: () => now })
  signers.push(signer)
  return signer
}
async function connect(url: string, changes: Partial<RemoteSignerOptions> = {}): Promise<RemoteSigner> {
  const { address } = world.secrets[0] ?? { address: undefined as never }
  const record = await openStoreRecord(createMemoryStore(), address)
  const { genesisHash } = chain.network
  return openRemoteSigner({ url, token: TOKEN, address, genesisHash, record, timeoutMs: 2000, ...changes })
}
function headerAt(slot: bigint, changes: Partial<Header> = {}): Header {
  return {
    version: 1,
    chainId: chain.genesis.chainId,
    height: slot / 2n,
    parentHash: ZERO_HASH,
    slot,
    producer: world.secrets[0]?.address ?? (undefined as never),
    transactionRoot: ZERO_HASH,
    receiptRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    indexRoot: ZERO_HASH,
    signal: ZERO_HASH,
    consensus: new Uint8Array(4),
    extension: hexToBytes(chain.network.genesisHash),
    ...changes,
  }
}
const sign = async ({ signer }: RemoteSigner, header: Header): Promise<string | undefined> => {
  const { slot, height } = header
  const signature = await signer.signBlock({ slot, height, header, digest: hexToBytes(headerHash(header)) })
  if (signature !== undefined) expect(verifyHeaderSignature(sealHeader(header, bytesToHex(signature)))).toBe(true)
  return signature === undefined ? undefined : bytesToHex(signature)
}

describe('remote signer', () => {
  test('default: a node signs with a key it does not have, over a port and over a socket file', async () => {
    const { url } = await serve()
    expect(await sign(await connect(url), headerAt(100n))).toBeDefined()
    const path = `unix:${join(folder, 'signer.sock')}`
    const other = await serve({ dataDir: join(folder, 'other'), listen: path })
    expect(other.url).toBe(path)
    expect(await sign(await connect(path), headerAt(100n))).toBeDefined()
  })

  test('behavior: two nodes with one signer never get two signatures for a slot, also across its restart', async () => {
    const first = await serve()
    const [a, b] = [await connect(first.url), await connect(first.url)]
    const header = headerAt(100n)
    const signature = await sign(a, header)
    expect(await sign(b, header)).toBe(signature)
    expect(await sign(b, headerAt(100n, { consensus: new Uint8Array(5) }))).toBeUndefined()
    expect(await sign(b, headerAt(99n))).toBeUndefined()
    const both = await Promise.all([a, b].map((one, index) => sign(one, headerAt(101n, { height: BigInt(index) }))))
    expect(both.filter((found) => found !== undefined)).toHaveLength(1)
    await first.stop()
    const again = await serve()
    const c = await connect(again.url)
    // What others had signed there is known here before anything is asked.
    expect(c.signer.generatedHeight()).toBe(50n)
    expect(await sign(c, headerAt(101n, { consensus: new Uint8Array(6) }))).toBeUndefined()
    expect(await sign(c, headerAt(102n))).toBeDefined()
  })

  test('error: a signer signs headers of its own chain and key, near the present, and nothing else', async () => {
    const { url } = await serve()
    const node = await connect(url)
    const wrong: [string, Header][] = [
      ['another producer', headerAt(100n, { producer: world.secrets[1]?.address ?? (undefined as never) })],
      ['another chain', headerAt(100n, { chainId: 5 })],
      ['another genesis', headerAt(100n, { extension: new Uint8Array(32) })],
      ['a height above its slot', headerAt(100n, { height: 101n })],
      ['a slot far ahead', headerAt(103n)],
    ]
    for (const [what, header] of wrong) {
      await expect(
        connect(url).then((one) => sign(one, header)),
        what,
      ).rejects.toMatchObject({ code: 'signer.refused' })
    }
    const bare = node.signer.signBlock({ slot: 100n, height: 1n, digest: new Uint8Array(32) })
    await expect(bare).rejects.toMatchObject({ code: 'signer.refused' })
    // None of it used the slot up.
    expect(await sign(await connect(url), headerAt(100n))).toBeDefined()
    const post = (path: string, body: string, token = TOKEN): Promise<Response> =>
      fetch(`${url}${path}`, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } })
    for (const body of ['', '{', '[]', '{"header":5}', '{"header":"0x00"}', `{"header":"0x${'00'.repeat(300)}"}`]) {
      expect((await post('/v1/header', body)).status, body.slice(0, 20)).toBe(400)
    }
    expect((await post('/v1/header', 'x'.repeat(70_000))).status).toBe(413)
    expect((await post('/v1/digest', '{}')).status).toBe(404)
    expect((await post('/v1/header', '{}', 'wrong')).status).toBe(401)
    await expect(connect(url, { token: 'wrong' })).rejects.toMatchObject({ code: 'node.config' })
  })

  test('error: another delegate, another network, nobody there, and one that does not answer in time', async () => {
    const { url } = await serve()
    await expect(connect(url, { genesisHash: ZERO_HASH })).rejects.toMatchObject({ code: 'node.config' })
    const other = world.secrets[1]?.address ?? (undefined as never)
    await expect(connect(url, { address: other })).rejects.toMatchObject({ code: 'node.config' })
    await expect(connect('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'signer.unreachable' })
    const mute = createServer(() => undefined)
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const silent = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`
    await expect(connect(silent, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'signer.unreachable' })
    mute.closeAllConnections()
    mute.close()
    const second = startRemoteSigner(configOf({ listen: '127.0.0.1:0' }), { logger: quiet })
    await expect(second).rejects.toMatchObject({ code: 'node.locked' })
  })

  test('behavior: it signs renewals of the own commitment only, and not too many', async () => {
    const { url } = await serve()
    const { signRenewal } = await connect(url)
    const method = chain.registry.methodByName('election', 'renewCommitment')?.descriptor ?? (undefined as never)
    const transfer = chain.registry.methodByName('token', 'transfer')?.descriptor ?? (undefined as never)
    const { address } = world.secrets[0] ?? { address: undefined as never }
    const renewal: UnsignedTransaction = {
      version: 1,
      walletChainId: 77n,
      from: address,
      contract: method.contractAddress,
      method: method.number,
      args: encodeArgs(method.abi, { commitment: ZERO_HASH }),
      refHeight: 1n,
      refHash: '0x0000000000000000',
      feeLimit: 1000n,
      nonce: '0x0000000000000001',
    }
    const context = { method, network: chain.network }
    const to = world.secrets[1]?.address ?? (undefined as never)
    const theft = {
      ...renewal,
      contract: transfer.contractAddress,
      method: transfer.number,
      args: encodeArgs(transfer.abi, { symbol: 'ELF', to, amount: 5n, memo: '' }),
    }
    await expect(signRenewal(theft, { ...context, method: transfer })).rejects.toMatchObject({ code: 'signer.refused' })
    const dear = signRenewal({ ...renewal, feeLimit: 1_000_000_001n }, context)
    await expect(dear).rejects.toMatchObject({ code: 'signer.refused' })
    expect((await signRenewal(renewal, context)).length).toBeGreaterThan(65)
    await expect(signRenewal(renewal, context)).rejects.toMatchObject({ code: 'signer.refused' })
    now += 60_000
    expect((await signRenewal(renewal, context)).length).toBeGreaterThan(65)
  })

  test('behavior: neither key, password nor token is ever logged', async () => {
    const lines: string[] = []
    const redactor = createRedactor()
    const logger = createLogger('debug', { redactor, write: (line) => lines.push(line) })
    const { url } = await serve({}, logger)
    await sign(await connect(url), headerAt(100n))
    await fetch(`${url}/v1/header`, { method: 'POST', body: '{', headers: { authorization: `Bearer ${TOKEN}` } })
    const key = world.secrets[0]?.privateKey ?? new Uint8Array(32)
    const written = lines.join('')
    expect(written).toContain('The signer is running')
    for (const secret of [bytesToHex(key).slice(2), Buffer.from(key).toString('base64'), PASSWORD, TOKEN]) {
      expect(written).not.toContain(secret)
    }
  })
})
