import { createHash, timingSafeEqual } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MainChain } from '#chains'
import { decodeHeader, decodeTransaction, type SignedHeader, signingDigest, slotAt } from '#kernel'
import { AelfError, type Bytes, bytesToHex, type Hex, hexToBytes, type Logger, signDigest } from '#primitives'
import { NodeError } from '../errors.ts'
import type { BlockSigner } from './signer.ts'
import { MAX_SIGNER_BYTES, SIGNER_PATHS, type SignerStatus } from './signerProtocol.ts'

/** A header may be this many slots ahead of the signer's clock: a signature far in the future would end the key's use until then. */
const MAX_SLOTS_AHEAD = 2n
/** Most a renewal may pay: 10 ELF. */
const MAX_RENEWAL_FEE = 1_000_000_000n
/** Between two renewals; a delegate needs one a term. */
const RENEWAL_PAUSE_MS = 60_000
const MAX_CONNECTIONS = 16
const REQUEST_MS = 5000

export interface SignerServerOptions {
  readonly chain: MainChain
  readonly signer: BlockSigner
  readonly privateKey: Bytes
  /** `unix:/path` or `host:port`. */
  readonly listen: string
  /** What a node must know to ask. */
  readonly token: string
  readonly logger: Logger
  now?(): number
}

export interface SignerServer {
  /** Where it listens, as a node's configuration wants it. */
  readonly url: string
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const refusal = (status: number, code: string, message: string): Answer => ({ status, body: { code, message } })
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Reads one hex field of a request. */
function hexOf(body: Bytes, field: string): Hex | undefined {
  try {
    const parsed = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>
    const value = parsed[field]
    return typeof value === 'string' && /^0x(?:[0-9a-f]{2})+$/.test(value) ? (value as Hex) : undefined
  } catch {
    return undefined
  }
}

class Signing {
  private readonly options: SignerServerOptions
  private readonly now: () => number
  private renewedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: SignerServerOptions) {
    this.options = options
    this.now = options.now ?? Date.now
  }

  status(): Answer {
    const { signer, chain } = this.options
    const last = signer.last()
    const body: SignerStatus = {
      address: signer.address,
      genesisHash: chain.network.genesisHash,
      last: last === undefined ? null : { slot: last.slot.toString(), height: last.height.toString() },
    }
    return { status: 200, body }
  }

  async header(body: Bytes): Promise<Answer> {
    const given = hexOf(body, 'header')
    if (given === undefined) return refusal(400, 'signer.request', 'A header in hex is wanted')
    const header = decodeHeader(hexToBytes(given))
    const wrong = this.objection(header)
    if (wrong !== undefined) return refusal(400, 'signer.header', wrong)
    const { slot, height, hash } = header
    const signature = await this.options.signer.signBlock({ slot, height, digest: hexToBytes(hash), header })
    if (signature === undefined) return refusal(409, 'signer.signed', 'This slot, or a later one, was signed before')
    return { status: 200, body: { signature: bytesToHex(signature) } }
  }

  renewal(body: Bytes): Answer {
    const { chain, signer, privateKey } = this.options
    const given = hexOf(body, 'transaction')
    if (given === undefined) return refusal(400, 'signer.request', 'A transaction in hex is wanted')
    const transaction = decodeTransaction(hexToBytes(given))
    const method = chain.registry.methodByName('election', 'renewCommitment')?.descriptor
    const isRenewal =
      method !== undefined &&
      transaction.from === signer.address &&
      transaction.contract === method.contractAddress &&
      transaction.method === method.number
    if (!isRenewal) return refusal(400, 'signer.transaction', 'Only renewals of the own commitment are signed')
    if (transaction.feeLimit > MAX_RENEWAL_FEE) return refusal(400, 'signer.fee', 'The fee limit is above 10 ELF')
    if (this.now() - this.renewedAtMs < RENEWAL_PAUSE_MS)
      return refusal(429, 'signer.pause', 'A renewal was just signed')
    this.renewedAtMs = this.now()
    const signature = signDigest(signingDigest(transaction, method, chain.network), privateKey)
    return { status: 200, body: { signature: bytesToHex(signature) } }
  }

  private objection(header: SignedHeader): string | undefined {
    const { chain, signer } = this.options
    if (header.producer !== signer.address) return 'The header names another producer'
    const isOwnChain = header.chainId === chain.genesis.chainId
    if (!isOwnChain || bytesToHex(header.extension) !== chain.network.genesisHash)
      return 'The header is of another chain'
    if (header.height > header.slot) return 'The height is above what so many slots allow'
    const now = slotAt(chain.genesis, BigInt(Math.floor(this.now())))
    return header.slot > now + MAX_SLOTS_AHEAD ? 'The slot is in the future' : undefined
  }
}

async function bodyOf(request: IncomingMessage): Promise<Bytes | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_SIGNER_BYTES) return undefined
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** Every request is answered; what fails inside is told apart from what is refused, and logged. */
function createAnswerer(options: SignerServerOptions): (request: IncomingMessage) => Promise<Answer> {
  const signing = new Signing(options)
  const expected = digestOf(`Bearer ${options.token}`)
  return async (request) => {
    if (!timingSafeEqual(digestOf(request.headers.authorization ?? ''), expected)) {
      return refusal(401, 'signer.token', 'The token is missing or wrong')
    }
    const { method, url } = request
    if (method === 'GET' && url === SIGNER_PATHS.status) return signing.status()
    if (method !== 'POST') return refusal(404, 'signer.path', 'There is no such thing to ask')
    const body = await bodyOf(request)
    if (body === undefined) return refusal(413, 'signer.request', 'The request is too large')
    try {
      if (url === SIGNER_PATHS.header) return await signing.header(body)
      if (url === SIGNER_PATHS.renewal) return signing.renewal(body)
    } catch (error) {
      const code = error instanceof AelfError ? error.code : 'unknown'
      // Bytes that do not decode are the caller's fault; a disk that fails is this machine's.
      if (/^(?:codec|header|tx|abi|primitive)\./.test(code)) return refusal(400, 'signer.request', `Refused: ${code}`)
      options.logger.error('Nothing could be signed', { code, reason: String(error) })
      return refusal(500, code, 'The signer failed; see its log')
    }
    return refusal(404, 'signer.path', 'There is no such thing to ask')
  }
}

async function listenOn(server: Server, listen: string): Promise<string> {
  const path = listen.startsWith('unix:') ? listen.slice(5) : undefined
  const [, host = '', port = ''] = /^(.+):([0-9]{1,5})$/.exec(listen) ?? []
  if (path === undefined && host === '') {
    throw new NodeError('node.config', 'A signer listens on unix:/path or host:port', { details: { field: 'listen' } })
  }
  // What a signer that was killed left behind; the folder's lock says that no other runs.
  if (path !== undefined) await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new NodeError('node.listen', `The signer cannot listen on ${listen} (${cause.message})`, { cause })),
    )
    if (path === undefined) server.listen(Number(port), host, () => resolve())
    else server.listen(path, () => resolve())
  })
  if (path === undefined) return `http://${host}:${(server.address() as AddressInfo).port}`
  await chmod(path, 0o600)
  return listen
}

/** Serves a key to one delegate's nodes. It signs headers of its own chain, one a slot, and renewals; nothing else. */
export async function startSignerServer(options: SignerServerOptions): Promise<SignerServer> {
  const answer = createAnswerer(options)
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS })
  server.maxConnections = MAX_CONNECTIONS
  server.on('request', (request, response) => {
    answer(request)
      .catch(() => refusal(400, 'signer.request', 'The request broke off'))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
        response.end(JSON.stringify(body))
      })
      .catch(() => response.destroy())
  })
  const url = await listenOn(server, options.listen)
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
