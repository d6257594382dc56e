import { createHash, randomBytes } from 'node:crypto'
import { getAddress, recoverMessageAddress } from 'viem'
import { createSiweMessage, parseSiweMessage } from 'viem/siwe'
import { addNonce, addSession, takeNonce } from '#db'
import type { Address, SignInChallenge } from '#domain'
import type { TrpcContext } from './context.ts'
import { ApiError } from './errors.ts'
import type { RequestFacts } from './request.ts'
import type { SignedText } from './surface.ts'

const NONCE_BYTES = 16
const TOKEN_BYTES = 32
const VALID_MS = 5 * 60_000
/** Clocks of people differ from ours by this much and not more. */
const SKEW_MS = 60_000
/** Half the order of the curve: the other half of all signatures are copies with the sign turned. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

export const STATEMENT =
  'Sign in to this portal for your alerts and comments. No transaction is made and nothing is paid.'
const CHANNEL_STATEMENT =
  'Send alerts of this account to the address under Resources. No transaction is made and nothing is paid.'
export const IDLE_MS = 30 * 60_000
export const ABSOLUTE_MS = 12 * 60 * 60_000

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

function requireSite(request: RequestFacts | undefined): URL {
  if (request?.site !== undefined) return request.site
  throw new ApiError(
    'session.noSite',
    'This server does not know under which address people see it',
    'Its operator sets PORTAL_URL.',
  )
}

/** Nobody signs in while the network is not known: the message names it. */
async function chainIdOf(ctx: TrpcContext): Promise<number> {
  const info = await ctx.node.info()
  if (info === undefined) throw new ApiError('node.unreachable', 'The node does not answer', 'Try again in a moment.')
  return info.chainId
}

/** What a signature is for: the words a person reads, and what they are about. */
interface Purpose {
  readonly statement: string
  readonly resources?: readonly string[]
  refuse(what: string): never
}

const signInPurpose: Purpose = {
  statement: STATEMENT,
  refuse: (what) => {
    throw new ApiError('session.refused', `The signed message ${what}`, 'Start the sign-in again.')
  },
}

/** A new address for alerts. `resource` is that address as a URI, so that the signature serves for no other one. */
const channelPurpose = (resource: string): Purpose => ({
  statement: CHANNEL_STATEMENT,
  resources: [resource],
  refuse: (what) => {
    throw new ApiError('alert.notSigned', `The signed message ${what}`, 'Sign for this address again.')
  },
})

/** What goes into the message to sign; the number in it serves once. */
async function challengeFor(ctx: TrpcContext, { statement, resources }: Purpose): Promise<SignInChallenge> {
  const site = requireSite(ctx.request)
  const chainId = await chainIdOf(ctx)
  const issuedAtMs = ctx.now()
  const expiresAtMs = issuedAtMs + VALID_MS
  const nonce = randomBytes(NONCE_BYTES).toString('hex')
  await addNonce(ctx.database, { nonce, expiresAtMs, nowMs: issuedAtMs })
  const base = { nonce, domain: site.host, uri: site.origin, chainId, statement, issuedAtMs, expiresAtMs }
  return resources === undefined ? base : { ...base, resources }
}

export const createChallenge = (ctx: TrpcContext): Promise<SignInChallenge> => challengeFor(ctx, signInPurpose)

export const createChannelChallenge = (ctx: TrpcContext, resource: string): Promise<SignInChallenge> =>
  challengeFor(ctx, channelPurpose(resource))

/** Checks message and signature and opens a session. */
export async function signIn(ctx: TrpcContext, input: SignedText): Promise<Address> {
  const address = await signerOf(ctx, input, signInPurpose)
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  await addSession(ctx.database, { tokenHash: hashToken(token), address, nowMs: ctx.now() })
  ctx.request?.setSession(token)
  return address
}

/** Throws `alert.notSigned` unless `owner` has just signed for exactly this new address: a stolen session alone redirects nothing. */
export async function requireChannelSignature(
  ctx: TrpcContext,
  input: SignedText,
  { owner, resource }: { owner: Address; resource: string },
): Promise<void> {
  const purpose = channelPurpose(resource)
  if ((await signerOf(ctx, input, purpose)) !== owner) purpose.refuse('was signed by another account')
}

/** Who signed a text of this server. The number in it is used up by the first message that is otherwise right. */
async function signerOf(ctx: TrpcContext, input: SignedText, purpose: Purpose): Promise<Address> {
  const site = requireSite(ctx.request)
  const expected = { site, chainId: await chainIdOf(ctx), nowMs: ctx.now() }
  const address = readMessage(input.message, expected, purpose)
  if (!isLowS(input.signature)) purpose.refuse('is not signed in the usual form')
  const signer = await recoverMessageAddress(input).catch(() => undefined)
  if (signer === undefined || signer !== address.checksum) purpose.refuse('was signed by another account')
  if (!(await takeNonce(ctx.database, { nonce: address.nonce, nowMs: ctx.now() })))
    purpose.refuse('was used before or is too old')
  return address.checksum.toLowerCase() as Address
}

/** Every field must be the expected one, and the text must be exactly what these fields make: no line more, none less. */
function readMessage(
  message: string,
  { site, chainId, nowMs }: { site: URL; chainId: number; nowMs: number },
  { statement: words, resources, refuse }: Purpose,
): { checksum: `0x${string}`; nonce: string } {
  const { address, nonce, domain, uri, version, statement, issuedAt, expirationTime, ...rest } =
    parseSiweMessage(message)
  if (address === undefined || nonce === undefined || issuedAt === undefined || expirationTime === undefined)
    return refuse('lacks a field')
  if (domain !== site.host || uri !== site.origin) return refuse('is for another site')
  if (rest.chainId !== chainId) return refuse('is for another network')
  if (version !== '1' || statement !== words) return refuse('has other words')
  if (Number.isNaN(issuedAt.getTime()) || Number.isNaN(expirationTime.getTime())) return refuse('has no valid time')
  if (issuedAt.getTime() > nowMs + SKEW_MS) return refuse('is from the future')
  if (expirationTime.getTime() <= nowMs || issuedAt.getTime() < nowMs - VALID_MS - SKEW_MS) return refuse('has expired')
  const about = resources === undefined ? {} : { resources: [...resources] }
  const fields = {
    address,
    nonce,
    domain,
    uri,
    version,
    statement,
    issuedAt,
    expirationTime,
    chainId,
    ...about,
  } as const
  const checksum = getAddress(address)
  if (checksum !== address || createSiweMessage(fields) !== message) return refuse('has other words')
  return { checksum, nonce }
}

/** 65 bytes, s in the lower half. */
function isLowS(signature: string): boolean {
  return /^0x[0-9a-fA-F]{130}$/.test(signature) && BigInt(`0x${signature.slice(66, 130)}`) <= HALF_ORDER
}
