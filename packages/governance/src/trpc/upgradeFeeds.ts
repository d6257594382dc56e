import { createHash } from 'node:crypto'
import {
  bundleTitles,
  type CheckpointRow,
  collectionEvents,
  type Database,
  proposalDeadlines,
  readCheckpoint,
  timesUpTo,
  upgradeNews,
} from '#db'
import {
  type CalendarEvent,
  type Hash,
  livesOf,
  renderCalendar,
  renderRss,
  reviseLife,
  type UpgradeLife,
  usualGapMs,
} from '#domain'
import type { TrpcContext } from './context.ts'

const ITEMS_MAX = 100
const LIVES_MAX = 50
const DEADLINES_MAX = 50
const FRESH_SECONDS = 60
const TTL_MS = 2_000
const PER_MINUTE = 600
/** A chain needs two blocks to tell its pace. */
const GAP_MS = 4_000

export type FeedForm = 'rss' | 'ics'

const TYPES: Readonly<Record<FeedForm, string>> = {
  rss: 'application/rss+xml; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
}
const FILES: Readonly<Record<FeedForm, string>> = { rss: '/feeds/upgrades.xml', ics: '/feeds/upgrades.ics' }

export type FeedContext = Pick<TrpcContext, 'database' | 'memory' | 'limits' | 'site'>

interface Scope {
  readonly database: Database
  readonly site: string
  /** The newest irreversible block that is indexed: what stands in a feed stays true. */
  readonly settled: bigint
  readonly settledMs: number
  readonly genesisHash: Hash
}

const address = (site: string, path: string): string => new URL(path, site).href

async function rssOf({ database, site, settled, settledMs }: Scope): Promise<string> {
  const news = await upgradeNews(database, { upTo: settled, upToMs: settledMs, limit: ITEMS_MAX })
  return renderRss({
    title: 'aelf upgrades',
    description: 'Proposals and collections of contracts: every step that can’t be taken back any more.',
    url: address(site, '/upgrades'),
    selfUrl: address(site, FILES.rss),
    items: news.map(({ key, kind, title, detail, path, timeMs }) => ({
      guid: key,
      title,
      detail,
      url: address(site, path),
      timeMs,
      category: kind,
    })),
  })
}

async function lifeEvent(
  scope: Scope,
  life: UpgradeLife,
  title: string | undefined,
): Promise<CalendarEvent | undefined> {
  const { database, site, settled, genesisHash } = scope
  const revision = reviseLife(life, settled)
  const [first] = life.steps
  if (revision === undefined || first === undefined) return undefined
  const { sequence, status, anchor, blocksAfter } = revision
  const times = await timesUpTo(database, anchor, first.rule.window)
  const anchorMs = times.at(-1)
  if (anchorMs === undefined) return undefined
  const name = title === undefined ? `Collection ${life.hash.slice(0, 12)}…` : `“${title}”`
  const words = {
    TENTATIVE: `${name} takes over (projected)`,
    CONFIRMED: `${name} takes over`,
    CANCELLED: `No date: ${name} does not take over now`,
  }
  const detail =
    status === 'TENTATIVE'
      ? `A projection from block ${anchor}: if every block finds the support, block ${anchor + BigInt(blocksAfter)} is the first that runs with it. Nodes without the bundle stop then.`
      : status === 'CONFIRMED'
        ? `Block ${anchor + BigInt(blocksAfter)} is the first that runs with it.`
        : 'The count is back at zero, another successor took its place, or its activation was called off.'
  return {
    uid: `upgrade-${life.hash}-${first.height}@${genesisHash.slice(2, 18)}.aelf`,
    sequence,
    stampMs: anchorMs,
    startMs: Math.round(anchorMs + blocksAfter * (usualGapMs(times) ?? GAP_MS)),
    title: words[status],
    detail: `${detail}\nBundle ${life.hash}`,
    url: address(site, `/upgrades/${life.hash}`),
    status,
  }
}

async function deadlineEvents({ database, site, settled, genesisHash }: Scope): Promise<CalendarEvent[]> {
  const rows = await proposalDeadlines(database, { upTo: settled, limit: DEADLINES_MAX })
  return rows.map(({ proposalId, title, quorum, electorate, endsAtMs, submittedAtMs, closedAtMs }) => ({
    uid: `proposal-${proposalId}@${genesisHash.slice(2, 18)}.aelf`,
    sequence: closedAtMs === undefined ? 0 : 1,
    stampMs: closedAtMs ?? submittedAtMs,
    startMs: endsAtMs,
    title: `Last moment to adopt “${title}”`,
    detail: `${quorum} of ${electorate} producers must have adopted it by then.`,
    url: address(site, `/proposals/${proposalId}`),
    status: closedAtMs === undefined ? 'CONFIRMED' : 'CANCELLED',
  }))
}

async function calendarOf(scope: Scope): Promise<string> {
  const { database, site, settled, settledMs } = scope
  const steps = await collectionEvents(database, { upTo: settled })
  const lives = livesOf(steps.toReversed()).slice(-LIVES_MAX)
  const titles = await bundleTitles(database, lives, settledMs)
  const activations = await Promise.all(lives.map((life) => lifeEvent(scope, life, titles.get(life.hash))))
  return renderCalendar({
    name: 'aelf upgrades',
    url: address(site, '/upgrades'),
    events: [...activations.flatMap((event) => event ?? []), ...(await deadlineEvents(scope))],
  })
}

async function scopeOf(database: Database, site: string, checkpoint: CheckpointRow): Promise<Scope | undefined> {
  const { height, finalizedHeight, genesisHash } = checkpoint
  const settled = finalizedHeight < height ? finalizedHeight : height
  const block = await database.prisma.block.findUnique({ where: { height: settled }, select: { timeMs: true } })
  return block === null ? undefined : { database, site, settled, settledMs: Number(block.timeMs), genesisHash }
}

/** A feed of every step of proposals and collections, for whoever asks; the same chain gives the same bytes. */
export async function answerUpgradeFeed(ctx: FeedContext, request: Request, form: FeedForm): Promise<Response> {
  if (!ctx.limits.take('feeds', PER_MINUTE)) return plain(429, 'Too many requests', { 'retry-after': '60' })
  const site = ctx.site.portalUrl ?? new URL(request.url).origin
  try {
    const checkpoint = await readCheckpoint(ctx.database.pool)
    const scope = checkpoint === undefined ? undefined : await scopeOf(ctx.database, site, checkpoint)
    if (scope === undefined) return plain(503, 'Nothing is indexed yet', { 'retry-after': '10' })
    const body = await ctx.memory.remember(`feed ${form} ${site} ${scope.settled}`, TTL_MS, () =>
      form === 'rss' ? rssOf(scope) : calendarOf(scope),
    )
    return fresh(request, form, body)
  } catch {
    return plain(503, 'The index does not answer', { 'retry-after': '10' })
  }
}

/** Readers ask often and mostly for nothing new: the tag is of the bytes, so they are told so. */
function fresh(request: Request, form: FeedForm, body: string): Response {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  const headers = {
    'content-type': TYPES[form],
    'cache-control': `public, max-age=${FRESH_SECONDS}`,
    etag,
    'content-disposition': `inline; filename="${FILES[form].split('/').at(-1) ?? 'feed'}"`,
  }
  const known = (request.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (known.includes(etag) || known.includes('*')) return new Response(null, { status: 304, headers })
  return new Response(body, { headers })
}

const plain = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(text, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })
