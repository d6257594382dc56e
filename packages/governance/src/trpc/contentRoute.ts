import { createHash } from 'node:crypto'
import { findContent, isNamed, keptOf, putContent } from '#db'
import { ARCHIVE_MAX_BYTES, type Hash } from '#domain'
import type { TrpcContext } from './context.ts'
import { currentRelease } from './release.ts'
import { readRequest } from './request.ts'

const HASH = /^0x[0-9a-f]{64}$/
const PUTS_PER_MINUTE = 30
const GETS_PER_MINUTE = 600
/** Bodies that are read at once, which bounds the memory they take. */
const READING_MAX = 4
let reading = 0

/** Nothing of what people hand in is ever shown, run or framed under the portal's name. */
const SEALED: Readonly<Record<string, string>> = {
  'content-type': 'application/octet-stream',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
}

const refuse = (status: number, code: string, message: string): Response =>
  Response.json(
    { code, message },
    {
      status,
      headers: {
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(status === 429 ? { 'retry-after': '60' } : {}),
      },
    },
  )

/** Content by its hash: what the chain names is given to anybody, and whoever has it may hand it in. */
export async function answerContent(ctx: TrpcContext, request: Request, given: string): Promise<Response> {
  if (!HASH.test(given)) return refuse(400, 'content.badHash', 'A hash is 0x and 64 small hex digits')
  const hash = given as Hash
  try {
    return await (request.method === 'PUT' ? keep(ctx, request, hash) : give(ctx, hash))
  } catch {
    return refuse(503, 'content.unavailable', 'The store of contents does not answer')
  }
}

/** What nothing on the chain names is given to nobody: this is no place to share files. */
async function give(ctx: TrpcContext, hash: Hash): Promise<Response> {
  if (!ctx.limits.take('content get', GETS_PER_MINUTE)) return refuse(429, 'rate.limited', 'Too many requests')
  const bytes = (await isNamed(ctx.database, hash, ctx.now())) ? await findContent(ctx.database, hash) : undefined
  if (bytes === undefined) return refuse(404, 'content.notFound', 'Nothing with this hash is kept here')
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...SEALED,
      'content-disposition': `attachment; filename="${hash}"`,
      // The name is the hash of the bytes: they never change.
      'cache-control': 'public, max-age=31536000, immutable',
    },
  })
}

/** The source of this program's collection, to begin a successor with and to compare proposed ones with. */
export async function answerRelease(ctx: TrpcContext): Promise<Response> {
  if (!ctx.limits.take('content get', GETS_PER_MINUTE)) return refuse(429, 'rate.limited', 'Too many requests')
  try {
    const { archive } = await currentRelease()
    return new Response(new Uint8Array(archive), {
      headers: {
        ...SEALED,
        'content-disposition': 'attachment; filename="aelf-collection.tar.gz"',
        'cache-control': 'no-cache',
      },
    })
  } catch {
    return refuse(404, 'content.notFound', 'This program was shipped without the source of its collection')
  }
}

async function keep(ctx: TrpcContext, request: Request, hash: Hash): Promise<Response> {
  const { isOwnPage } = readRequest({ request, responseHeaders: new Headers(), portalUrl: ctx.site.portalUrl })
  if (!isOwnPage) return refuse(403, 'request.foreign', 'Content is taken from pages of this portal only')
  const isKept = (await keptOf(ctx.database, [hash])).length > 0
  if (isKept) {
    await request.body?.cancel()
    return Response.json({ kept: true }, { headers: { 'cache-control': 'no-store' } })
  }
  // What the chain names has a share of its own, which strangers with other files cannot use up.
  const share = (await isNamed(ctx.database, hash, ctx.now())) ? 'content named' : 'content put'
  if (reading >= READING_MAX || !ctx.limits.take(share, PUTS_PER_MINUTE))
    return refuse(429, 'rate.limited', 'Too much is being handed in; try again in a minute')
  reading += 1
  try {
    const bytes = await readBody(request)
    if (bytes === undefined) return refuse(413, 'content.tooLarge', `More than ${ARCHIVE_MAX_BYTES} bytes`)
    if (`0x${createHash('sha256').update(bytes).digest('hex')}` !== hash)
      return refuse(422, 'content.otherHash', 'The bytes have another SHA-256 than the address')
    await putContent(ctx.database, { hash, bytes, nowMs: ctx.now() })
    return Response.json({ kept: true }, { status: 201, headers: { 'cache-control': 'no-store' } })
  } finally {
    reading -= 1
  }
}

/** The body, or undefined as soon as it is too large; the rest is not read. */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > ARCHIVE_MAX_BYTES) return undefined
  const reader = request.body?.getReader()
  if (reader === undefined) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks, size)
    size += value.byteLength
    if (size > ARCHIVE_MAX_BYTES) {
      await reader.cancel().catch(() => undefined)
      return undefined
    }
    chunks.push(value)
  }
}
