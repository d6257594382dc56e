import { createHash, randomBytes } from 'node:crypto'
import { getAddress, recoverMessageAddress } from 'viem'
import { createSiweMessage, parseSiweMessage } from 'viem/siwe'
import { addNonce, addSession, takeNonce } from '#db'
import type { Address, SignInChallenge } from '#domain'
import type { TrpcContext } from './context.ts'
import { ApiError } from './errors.ts'
import type { RequestFacts } from './request.ts'

const NONCE_BYTES = 16
const TOKEN_BYTES = 32
const VALID_MS = 5 * 60_000
/** Clocks of people differ from ours by this much and not more. */
const SKEW_MS = 60_000
/** Half the order of the curve: the other half of all signatures are copies with the sign turned. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

export const STATEMENT = 'Sign in to manage alerts of this portal. No transaction is made and nothing is paid.'
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

/** What goes into the message to sign; the number in it serves once. */
export async function createChallenge(ctx: TrpcContext): Promise<SignInChallenge> {
  const site = requireSite(ctx.request)
  const chainId = await chainIdOf(ctx)
  const issuedAtMs = ctx.now()
  const expiresAtMs = issuedAtMs + VALID_MS
  const nonce = randomBytes(NONCE_BYTES).toString('hex')
  await addNonce(ctx.database, { nonce, expiresAtMs, nowMs: issuedAtMs })
  return { nonce, domain: site.host, uri: site.origin, chainId, statement: STATEMENT, issuedAtMs, expiresAtMs }
}

const refuse = (what: string): never => {
  throw new ApiError('session.refused', `The signed message ${what}`, 'Start the sign-in again.')
}

/** Checks message and signature and opens a session. The number is used up by the first message that is otherwise right. */
export async function signIn(ctx: TrpcContext, input: { message: string; signature: `0x${string}` }): Promise<Address> {
  const site = requireSite(ctx.request)
  const address = readMessage(input.message, { site, chainId: await chainIdOf(ctx), nowMs: ctx.now() })
  if (!isLowS(input.signature)) refuse('is not signed in the usual form')
  const signer = await recoverMessageAddress(input).catch(() => undefined)
  if (signer === undefined || signer !== address.checksum) refuse('was signed by another account')
  if (!(await takeNonce(ctx.database, { nonce: address.nonce, nowMs: ctx.now() })))
    refuse('was used before or is too old')
  const lower = address.checksum.toLowerCase() as Address
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  await addSession(ctx.database, { tokenHash: hashToken(token), address: lower, nowMs: ctx.now() })
  ctx.request?.setSession(token)
  return lower
}

/** Every field must be the expected one, and the text must be exactly what these fields make: no line more, none less. */
function readMessage(
  message: string,
  { site, chainId, nowMs }: { site: URL; chainId: number; nowMs: number },
): { checksum: `0x${string}`; nonce: string } {
  const { address, nonce, domain, uri, version, statement, issuedAt, expirationTime, ...rest } =
    parseSiweMessage(message)
  if (address === undefined || nonce === undefined || issuedAt === undefined || expirationTime === undefined)
    return refuse('lacks a field')
  if (domain !== site.host || uri !== site.origin) return refuse('is for another site')
  if (rest.chainId !== chainId) return refuse('is for another network')
  if (version !== '1' || statement !== STATEMENT) return refuse('has other words')
  if (Number.isNaN(issuedAt.getTime()) || Number.isNaN(expirationTime.getTime())) return refuse('has no valid time')
  if (issuedAt.getTime() > nowMs + SKEW_MS) return refuse('is from the future')
  if (expirationTime.getTime() <= nowMs || issuedAt.getTime() < nowMs - VALID_MS - SKEW_MS) return refuse('has expired')
  const fields = { address, nonce, domain, uri, version, statement, issuedAt, expirationTime, chainId } as const
  const checksum = getAddress(address)
  if (checksum !== address || createSiweMessage(fields) !== message) return refuse('has other words')
  return { checksum, nonce }
}

/** 65 bytes, s in the lower half. */
function isLowS(signature: string): boolean {
  return /^0x[0-9a-fA-F]{130}$/.test(signature) && BigInt(`0x${signature.slice(66, 130)}`) <= HALF_ORDER
}
