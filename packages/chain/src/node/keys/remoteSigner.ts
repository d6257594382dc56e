import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { encodeHeader, encodeTransaction, type Header, recoverSigner, sealHeader } from '#kernel'
import {
  type Address,
  asAddress,
  asHash,
  type Bytes,
  bytesToHex,
  type Hash,
  type Hex,
  hexToBytes,
  recoverAddress,
} from '#primitives'
import { NodeError } from '../errors.ts'
import type { SignRenewal } from '../renewal.ts'
import type { SignedRecord } from './signedRecord.ts'
import { type BlockSigner, createRecordedSigner } from './signer.ts'
import { MAX_SIGNER_BYTES, NO_SIGNATURE, SIGNER_PATHS } from './signerProtocol.ts'

export interface RemoteSignerOptions {
  /** `unix:/path`, `http://host:port` or `https://host:port`. */
  readonly url: string
  readonly token: string
  /** Whose key must be there. */
  readonly address: Address
  readonly genesisHash: Hash
  /** This node's own record: it asks for nothing that it knows to be signed. */
  readonly record: SignedRecord
  /** A signature that comes later than this is of no use. */
  readonly timeoutMs: number
}

/** A key on another machine. */
export interface RemoteSigner {
  readonly signer: BlockSigner
  readonly signRenewal: SignRenewal
}

interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const unreachable = (message: string, cause?: unknown): NodeError =>
  new NodeError('signer.unreachable', message, { cause, retryable: true })

/** Asks once, within the time. Rejects with `signer.unreachable`. */
function ask(options: RemoteSignerOptions, path: string, body: unknown): Promise<Reply> {
  const { url, token, timeoutMs } = options
  const socketPath = url.startsWith('unix:') ? url.slice(5) : undefined
  const target = new URL(path, socketPath === undefined ? url : 'http://localhost')
  const send = target.protocol === 'https:' ? requestHttps : requestHttp
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const request = send(
      target,
      {
        method: text === undefined ? 'GET' : 'POST',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(socketPath === undefined ? {} : { socketPath }),
      },
      (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          chunks.push(chunk)
          if (size > MAX_SIGNER_BYTES) request.destroy(unreachable('The signer answered too much'))
        })
        response.on('error', (cause) => reject(unreachable('The signer broke off', cause)))
        response.on('end', () => {
          const status = response.statusCode ?? 0
          try {
            resolve({ status, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Reply['body'] })
          } catch (cause) {
            reject(unreachable(`The signer answered ${status} without JSON`, cause))
          }
        })
      },
    )
    request.on('error', (cause) => {
      // The address, not the request: its headers hold the token.
      reject(
        cause instanceof NodeError ? cause : unreachable(`The signer at ${url} does not answer (${cause.message})`),
      )
    })
    request.end(text)
  })
}

function refused({ status, body }: Reply): NodeError {
  const { code, message } = body
  return new NodeError('signer.refused', `The signer refuses: ${String(message).slice(0, 200)}`, {
    details: { status, code: String(code).slice(0, 64) },
  })
}

function signatureOf(reply: Reply): Hex {
  const { signature } = reply.body
  if (typeof signature === 'string' && /^0x[0-9a-f]{130}$/.test(signature)) return signature as Hex
  throw unreachable('The signer answered without a signature')
}

/** Asks for a header's signature; undefined when the signer has signed the slot before. */
async function signHeaderThere(
  options: RemoteSignerOptions,
  header: Header,
  digest: Bytes,
): Promise<Bytes | undefined> {
  const unsigned = encodeHeader(sealHeader(header, NO_SIGNATURE))
  const reply = await ask(options, SIGNER_PATHS.header, { header: bytesToHex(unsigned) })
  if (reply.status === 409) return undefined
  if (reply.status !== 200) throw refused(reply)
  const signature = hexToBytes(signatureOf(reply))
  if (recoverAddress(digest, signature) !== options.address) throw unreachable('The signer signed with another key')
  return signature
}

const signRenewalThere =
  (options: RemoteSignerOptions): SignRenewal =>
  async (transaction, { method, network }) => {
    const unsigned = encodeTransaction({ ...transaction, authorization: { kind: 0, signature: NO_SIGNATURE } })
    const reply = await ask(options, SIGNER_PATHS.renewal, { transaction: bytesToHex(unsigned) })
    if (reply.status !== 200) throw refused(reply)
    const signed = { ...transaction, authorization: { kind: 0, signature: signatureOf(reply) } } as const
    if (recoverSigner(signed, method, network) !== options.address) {
      throw unreachable('The signer signed with another key')
    }
    return encodeTransaction(signed)
  }

const wholeOf = (value: unknown): bigint => (/^[0-9]{1,20}$/.test(String(value)) ? BigInt(String(value)) : 0n)

/**
 * Connects a node to the machine that holds its key. Both keep a record of what was signed and both must agree: this one is
 * written before the other is asked. Rejects with `signer.unreachable`, `signer.refused`, or `node.config` for what only a person can
 * put right.
 */
export async function openRemoteSigner(options: RemoteSignerOptions): Promise<RemoteSigner> {
  const { address, genesisHash, record } = options
  const reply = await ask(options, SIGNER_PATHS.status, undefined)
  if (reply.status === 401) {
    // Like a wrong password: asking again changes nothing.
    throw new NodeError('node.config', 'The signer does not know the token', {
      details: { field: 'producer.signerTokenFile' },
    })
  }
  if (reply.status !== 200) throw refused(reply)
  const { address: held, genesisHash: chain, last } = reply.body
  const isOurs = typeof held === 'string' && asAddress(held) === address
  const isHere = typeof chain === 'string' && asHash(chain) === genesisHash
  if (!isOurs || !isHere) {
    throw new NodeError('node.config', 'The signer holds the key of another delegate, or is of another network', {
      details: { field: 'producer.remoteSigner', address: String(held), genesisHash: String(chain) },
    })
  }
  const signer = createRecordedSigner({
    address,
    record,
    sign: async ({ header, digest }) => {
      if (header === undefined) throw new NodeError('signer.refused', 'A remote signer wants the whole header')
      return signHeaderThere(options, header, digest)
    },
  })
  if (typeof last === 'object' && last !== null && 'slot' in last && 'height' in last) {
    // What another node of this delegate had signed there is known here too from now on.
    await signer.adopt({ slot: wholeOf(last.slot), height: wholeOf(last.height), digest: new Uint8Array(32) })
  }
  return { signer, signRenewal: signRenewalThere(options) }
}
