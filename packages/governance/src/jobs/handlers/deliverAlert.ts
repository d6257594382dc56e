import { type ChannelRow, claimDelivery, type DeliveryRow, findChannel, settleDelivery } from '#db'
import { newsPath } from '#domain'
import { EgressError, signBody, unsubscribeToken } from '#egress'
import type { JobContext, Outbox } from './context.ts'

/** Longer than any one attempt takes; a worker that died is taken over after it. */
const HOLD_MS = 60_000
/** Attempts in all: at once, then after 10 s, 40 s, 3 min, 11 min, 43 min. */
const ATTEMPTS_MAX = 6
const FIRST_PAUSE_MS = 10_000
const GROWTH = 4

/** Sends one message, unless it was sent, given up or is in other hands. What goes wrong is written where its owner sees it. */
export async function deliverAlert({ database, outbox, now }: JobContext, item?: string): Promise<string> {
  if (outbox === undefined || item === undefined) return 'nothing to send'
  const row = await claimDelivery(database, { id: item, nowMs: now(), holdMs: HOLD_MS })
  if (row === undefined) return 'nothing to do'
  try {
    const channel = await findChannel(database, row.channelId)
    await sendBy(outbox, { row, channel: usable(channel, row), nowMs: now() })
    await settleDelivery(database, { id: row.id, state: 'delivered', nowMs: now() })
    return 'sent'
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    const isOver = !error.retryable || row.attempts >= ATTEMPTS_MAX
    await settleDelivery(database, {
      id: row.id,
      state: isOver ? 'dead' : 'pending',
      nowMs: now(),
      error: error.message,
      ...(isOver ? {} : { againAtMs: now() + FIRST_PAUSE_MS * GROWTH ** (row.attempts - 1) }),
    })
    return isOver ? `given up: ${error.code}` : `later: ${error.code}`
  }
}

/** Before an address is confirmed it gets the question and nothing else. */
function usable(channel: ChannelRow | undefined, row: DeliveryRow): ChannelRow {
  const wanted = row.kind === 'confirm' ? 'unconfirmed' : 'active'
  if (channel?.state === wanted) return channel
  throw new EgressError('egress.address', 'The channel is not in use any more')
}

interface Sending {
  readonly row: DeliveryRow
  readonly channel: ChannelRow
  readonly nowMs: number
}

async function sendBy(outbox: Outbox, { row, channel, nowMs }: Sending): Promise<void> {
  if (channel.kind === 'webhook') {
    const { id, kind, title, detail, delegate, height, createdAtMs } = row
    const { portalUrl } = outbox
    const url = portalUrl === undefined ? {} : { url: new URL(pathOf(row), portalUrl).href }
    const body = JSON.stringify({ id, kind, title, detail, delegate, height: height.toString(), createdAtMs, ...url })
    await outbox.post({
      url: new URL(channel.target),
      body,
      headers: { 'aelf-delivery': id, 'aelf-signature': signBody({ secret: channel.secret, body, atMs: nowMs }) },
      allowLoopback: await outbox.allowLoopback(),
    })
    return
  }
  const { mailer, portalUrl } = outbox
  if (mailer === undefined || portalUrl === undefined)
    throw new EgressError('egress.mail', 'E-mail is not configured here any more')
  await mailer.send(row.kind === 'confirm' ? question(channel, portalUrl) : letter(row, channel, portalUrl))
}

const link = (portalUrl: string, path: string, query: Readonly<Record<string, string>>): string =>
  `${new URL(path, portalUrl).href}?${new URLSearchParams(query).toString()}`

function question(channel: ChannelRow, portalUrl: string) {
  const url = link(portalUrl, '/alerts/confirm', { channel: channel.id, token: channel.confirmNonce ?? '' })
  return {
    to: channel.target,
    subject: 'Confirm alerts from aelf governance',
    text: `Somebody, probably you, wants alerts about a delegate of the aelf network sent to this address.\n\nConfirm within a day:\n${url}\n\nIf it was not you, do nothing: no further message comes.\n`,
  }
}

/** The page about the news itself. */
function pathOf({ delegate, eventKey }: DeliveryRow): string {
  if (delegate !== null) return `/delegates/${delegate}`
  return newsPath(eventKey) ?? '/status'
}

function letter(row: DeliveryRow, channel: ChannelRow, portalUrl: string) {
  const query = { channel: channel.id, token: unsubscribeToken(channel) }
  const about = new URL(pathOf(row), portalUrl).href
  return {
    to: channel.target,
    subject: row.title,
    text: `${row.detail}\n\nAs of block ${row.height}. More: ${about}\n\nNo more of these: ${link(portalUrl, '/alerts/unsubscribe', query)}\n`,
    unsubscribeUrl: link(portalUrl, '/api/alerts/unsubscribe', query),
  }
}
