import { randomUUID } from 'node:crypto'
import {
  addDelivery,
  type CheckpointRow,
  dropWatchesExcept,
  listStandings,
  listWishes,
  placeOf,
  readCheckpoint,
  readWatches,
  recentExclusions,
  recentSlots,
  recentTerms,
  type SubscriptionRow,
  upgradeNews,
  waitingDeliveries,
  writeWatch,
} from '#db'
import {
  type AlertFacts,
  findAlerts,
  findFinalityAlert,
  findUpgradeAlerts,
  isInside,
  networkKinds,
  seatCount,
} from '#domain'
import type { JobContext } from './context.ts'

/** Wishes looked at in one run. */
const WISHES_MAX = 5_000
/** Messages put into the queue by one run. */
const ENQUEUED_MAX = 200
/** News a channel gets in an hour; the rest is dropped. */
const PER_HOUR = 60
const LINE = 'line '
const FINALITY = 'finality'
const UPGRADES = 'upgrades'
/** Steps told by one run; a run every few seconds has few. */
const NEWS_MAX = 200

/** Writes what is news to somebody, once each, and has everything sent that waits. Running it twice changes nothing. */
export async function findDueAlerts(context: JobContext): Promise<string> {
  const { database, outbox, now } = context
  if (outbox === undefined) return 'this worker sends no alerts'
  const checkpoint = await readCheckpoint(database.pool)
  const wishes = checkpoint === undefined ? [] : await listWishes(database, WISHES_MAX)
  const found = checkpoint === undefined || wishes.length === 0 ? 0 : await look(context, { checkpoint, wishes })
  const waiting = await waitingDeliveries(database, { nowMs: now(), limit: ENQUEUED_MAX })
  for (const { id, attempts } of waiting) {
    await outbox.enqueue('deliverAlert', { item: id, key: `deliver-${id}-${attempts}` })
  }
  return `${found} found, ${waiting.length} to send`
}

interface Look {
  readonly checkpoint: CheckpointRow
  readonly wishes: readonly SubscriptionRow[]
}

async function look(context: JobContext, { checkpoint, wishes }: Look): Promise<number> {
  const { database, now } = context
  const facts = await gather(context, { checkpoint, wishes })
  let found = 0
  const tell = async (wish: SubscriptionRow, events: ReturnType<typeof findAlerts>): Promise<void> => {
    for (const event of events) {
      const row = { id: randomUUID(), channelId: wish.channelId, height: checkpoint.height, nowMs: now(), ...event }
      const delegate = networkKinds.includes(event.kind) ? null : wish.delegate
      if (await addDelivery(database, { ...row, delegate }, { perHour: PER_HOUR })) found += 1
    }
  }
  const finality = await finalityEvents(context, facts.producers)
  const settled = checkpoint.finalizedHeight < checkpoint.height ? checkpoint.finalizedHeight : checkpoint.height
  const news = await settledNews(context, { settled, settledMs: checkpoint.timeMs })
  for (const wish of wishes) {
    const known = facts.byDelegate.get(wish.delegate)
    if (known !== undefined) await tell(wish, findAlerts(known, wish))
    if (wish.kinds.includes('finality')) await tell(wish, finality)
    await tell(wish, findUpgradeAlerts(news, wish))
  }
  await writeWatch(database, { name: UPGRADES, value: settled.toString(), nowMs: now() })
  // Only now: a run that ended before finds the same turns again, under the same keys.
  for (const [delegate, known] of facts.byDelegate)
    await writeWatch(database, { name: `${LINE}${delegate}`, value: String(isInside(known)), nowMs: now() })
  // A delegate nobody watches is forgotten, or its next watcher would be told of an old turn.
  await dropWatchesExcept(database, {
    prefix: LINE,
    names: [...facts.byDelegate.keys()].map((address) => `${LINE}${address}`),
  })
  return found
}

/** Everything known about the wished-for delegates, read once for all wishes. */
async function gather({ database, source }: JobContext, { checkpoint, wishes }: Look) {
  const delegates = [...new Set(wishes.map((wish) => wish.delegate))]
  const place = await placeOf(database, checkpoint.height)
  const [slots, rounds, terms, standings, watches, running] = await Promise.all([
    recentSlots(database, delegates),
    recentExclusions(database),
    recentTerms(database),
    listStandings(database, checkpoint.timeMs),
    readWatches(
      database,
      delegates.map((address) => `${LINE}${address}`),
    ),
    // The index learns of a round when it is over; the node is asked for the running one, and missed if it is away.
    place === undefined ? undefined : source.round(place.round).catch(() => undefined),
  ])
  const electable = standings.filter((row) => row.standing === 'registered')
  const seats = place === undefined ? 0 : seatCount(place.genesisTimeMs, checkpoint.timeMs)
  const newest = rounds.at(-1)?.round ?? 0
  const exclusions = [
    ...rounds,
    ...(running !== undefined && running.number > newest ? [{ ...running, round: running.number }] : []),
  ]
  const byDelegate = new Map(
    delegates.map((delegate): [string, AlertFacts] => {
      const own = slots.filter((slot) => slot.delegate === delegate)
      const last = own.at(-1)?.slot ?? -1n
      const present = (running?.slots ?? [])
        .filter(
          ({ producer, state, slot }) =>
            producer === delegate && slot > last && (state === 'missed' || state === 'produced'),
        )
        .map(({ slot, state, reason }) => ({ slot, missed: state === 'missed', reason: reason ?? undefined }))
      const watch = watches.get(`${LINE}${delegate}`)
      const rank = electable.findIndex((row) => row.address === delegate) + 1
      return [
        delegate,
        {
          delegate,
          name: standings.find((row) => row.address === delegate)?.name || delegate,
          slots: [
            ...own.map(({ slot, missed, reason }) => ({ slot, missed, reason: reason ?? undefined })),
            ...present,
          ],
          exclusions: exclusions.map(({ round, startSlot, excluded }) => {
            const entry = excluded.find(({ address }) => address === delegate)
            return { round, startSlot, untilMs: entry?.untilMs, failures: entry?.failures }
          }),
          terms: terms.map(({ term, height, producers }) => ({ term, height, isProducer: producers.has(delegate) })),
          rank: rank === 0 ? undefined : rank,
          seats,
          wasInside: watch === undefined ? undefined : watch.value === 'true',
          lineSinceMs: watch?.sinceMs ?? 0,
          height: checkpoint.height,
        },
      ]
    }),
  )
  return { byDelegate, producers: terms.at(-1)?.producers.size ?? 0 }
}

/** Steps of proposals and collections that became irreversible since the last look: what is told stays true. */
async function settledNews({ database }: JobContext, at: { settled: bigint; settledMs: number }) {
  const seen = BigInt((await readWatches(database, [UPGRADES])).get(UPGRADES)?.value ?? at.settled)
  const above = seen < at.settled ? seen : at.settled
  return upgradeNews(database, { above, upTo: at.settled, upToMs: at.settledMs, limit: NEWS_MAX })
}

/** Asks the node how far finality is; a node that is away says nothing about the network. */
async function finalityEvents({ database, source, now }: JobContext, producers: number) {
  const info = await source.info().catch(() => undefined)
  if (info === undefined) return []
  const value = info.finalizedHeight.toString()
  await writeWatch(database, { name: FINALITY, value, nowMs: now() })
  const watch = (await readWatches(database, [FINALITY])).get(FINALITY)
  return findFinalityAlert({
    finalizedHeight: info.finalizedHeight,
    height: info.height,
    sinceMs: watch?.sinceMs ?? now(),
    nowMs: now(),
    roundMs: (producers + 1) * info.slotMs,
  })
}
