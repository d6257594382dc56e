import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { findChannel, stopChannel } from '#db'
import { unsubscribeToken } from '#egress'
import type { TrpcContext } from './context.ts'

const PER_MINUTE = 120

/** What a link of a mail carries. */
export const linkInput = z.object({ channel: z.uuid(), token: z.string().min(1).max(100) }).strict()

/** The link of a mail speaks for its channel; nobody needs to be signed in. */
export async function stopByLink(
  { database }: Pick<TrpcContext, 'database'>,
  input: z.infer<typeof linkInput>,
): Promise<{ done: boolean }> {
  const channel = await findChannel(database, input.channel)
  if (channel === undefined || !isSame(unsubscribeToken(channel), input.token)) return { done: false }
  return { done: await stopChannel(database, channel.id) }
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** RFC 8058: mail programs end messages by one POST of their own, without cookie or page; the token in the address is all it takes. */
export async function answerUnsubscribe(ctx: TrpcContext, request: Request): Promise<Response> {
  if (!ctx.limits.take('unsubscribe', PER_MINUTE)) return plain(429, 'Too many requests', { 'retry-after': '60' })
  const link = linkInput.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  const done = link.success && (await stopByLink(ctx, link.data)).done
  return done ? plain(200, 'No more alerts go to this address.') : plain(404, 'This link is not valid any more.')
}

const plain = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })
