import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { describe, expect, test } from 'vitest'
import { messageKind } from '#p2p'
import { type Clock, createPrng, type Prng } from '#primitives'
import { farthestFirst, type Place, parsePeerAddress, placeOf } from './addresses.ts'
import { Bans } from './bans.ts'
import { Book } from './book.ts'
import { decodeBook, encodeBook } from './bookFile.ts'
import {
  BAN_MS,
  BAN_SCORE,
  CONFIGURED_BAN_MS,
  FORGET_BAN_MS,
  MAX_ANCHORS,
  MAX_BAN_MS,
  MAX_BANS,
  MAX_NEW_FAILURES,
  MAX_NEW_PEERS,
  MAX_PEERS_PER_SOURCE,
  MAX_TRIED_PEERS,
  OUTBOUND_PEERS,
  POINTS,
  RATES,
  SCORE_HALF_LIFE_MS,
} from './limits.ts'
import { Standings } from './standing.ts'

const handClock = (): Clock & { nowMs: number } => {
  const clock = { nowMs: 1_000_000, now: () => clock.nowMs, after: () => () => undefined }
  return clock
}
const peerIdOf = (random: Prng): string => peerIdFromPublicKey(publicKeyFromRaw(random.bytes(32))).toString()
const addressOf = (id: string, host: string): string => `/ip4/${host}/tcp/6880/p2p/${id}`
const place = (host: string): Place => {
  const found = placeOf(`/ip4/${host}`)
  if (found === undefined) throw new Error(host)
  return found
}
const all = { isWanted: () => true, groups: new Set<string>() }

describe('addresses', () => {
  test.each([
    ['/ip4/127.0.0.1/tcp/1', 'loopback', '127.0'],
    ['/ip4/10.1.2.3/tcp/1', 'private', '10.1'],
    ['/ip4/172.31.0.1/tcp/1', 'private', '172.31'],
    ['/ip4/172.32.0.1/tcp/1', 'public', '172.32'],
    ['/ip4/100.64.0.1/tcp/1', 'private', '100.64'],
    ['/ip6/::1/tcp/1', 'loopback', '0:0'],
    ['/ip6/fe80::1%eth0/tcp/1', 'private', 'fe80:0'],
    ['/ip6/fd00::1/tcp/1', 'private', 'fd00:0'],
    ['/ip6/2001:db8:1::2/tcp/1', 'public', '2001:db8'],
    ['/ip6/::ffff:7f00:1/tcp/1', 'loopback', '127.0'],
  ])('default: the place of %s', (address, reach, group) => {
    expect(placeOf(address)).toMatchObject({ reach, group })
  })

  test('default: those that lead here from farthest away come first', () => {
    const [a, b, c] = ['/ip4/127.0.0.1/tcp/1', '/ip4/10.0.0.1/tcp/1', '/ip4/8.8.8.8/tcp/1']
    expect(farthestFirst([a, b, c, '/dns4/example.org/tcp/1'].map(String))).toEqual([
      c,
      '/dns4/example.org/tcp/1',
      b,
      a,
    ])
  })

  test('error: what is not an address of a peer', () => {
    const id = peerIdOf(createPrng('address'))
    expect(parsePeerAddress(addressOf(id, '1.2.3.4')).id).toBe(id)
    expect(placeOf(`/dns4/example.org/tcp/1/p2p/${id}`)).toBeUndefined()
    const bad = [
      '',
      'x',
      '/ip4/1.2.3.4/tcp/6880',
      `/ip4/1.2.3.4/udp/1/p2p/${id}`,
      `/ip4/1.2.3.4/tcp/0/p2p/${id}`,
      `/ip4/999.2.3.4/tcp/1/p2p/${id}`,
      addressOf(`${id}${'1'.repeat(200)}`, '1.2.3.4'),
    ]
    for (const text of bad) {
      expect(() => parsePeerAddress(text)).toThrow(expect.objectContaining({ code: 'transport.address' }))
    }
  })
})

describe('the book of peers', () => {
  test('behavior: leaves out itself, names, and places that cannot be reached from the teller [P2P-BOOK-1]', () => {
    const random = createPrng('learn')
    const [self, a, b, c] = [peerIdOf(random), peerIdOf(random), peerIdOf(random), peerIdOf(random)]
    const book = new Book(self, { clock: handClock(), rng: random })
    book.learn(
      [
        addressOf(self, '9.9.9.9'),
        addressOf(a, '127.0.0.1'),
        addressOf(b, '192.168.1.1'),
        `/dns4/example.org/tcp/1/p2p/${c}`,
        'rubbish',
      ],
      place('8.8.8.8'),
    )
    expect(book.size()).toEqual({ tried: 0, fresh: 0 })
    book.learn([addressOf(a, '127.0.0.1')], place('127.0.0.1'))
    book.learn([addressOf(b, '8.8.8.8')], place('10.0.0.1'))
    expect(book.size()).toEqual({ tried: 0, fresh: 2 })
    book.introduced(a, [addressOf(a, '127.0.0.2'), addressOf(c, '127.0.0.3')], place('127.0.0.1'))
    expect(book.get(a)?.addresses).toEqual([addressOf(a, '127.0.0.1'), addressOf(a, '127.0.0.2')])
    expect(book.get(c)).toBeUndefined()
  })

  test('behavior: thousands of names fill the room of what is only told, by quota [P2P-BOOK-1]', () => {
    const random = createPrng('flood')
    const book = new Book(peerIdOf(random), { clock: handClock(), rng: random })
    const honest = Array.from({ length: 40 }, () => peerIdOf(random))
    for (const [index, id] of honest.entries())
      book.introduced(id, [addressOf(id, `20.${index}.0.1`)], place(`20.${index}.0.1`))
    for (let n = 0; n < 4000; n += 1) {
      const source = `66.${n % 50}.1.1`
      book.learn([addressOf(peerIdOf(random), source)], place(source))
      if (n === 500) expect(Math.max(...countBySource(book))).toBeLessThanOrEqual(MAX_PEERS_PER_SOURCE)
    }
    expect(book.size()).toEqual({ tried: 0, fresh: MAX_NEW_PEERS })
    expect(honest.filter((id) => book.get(id) !== undefined)).toEqual(honest)
    for (let n = 0; n < MAX_TRIED_PEERS + 20; n += 1) {
      const id = peerIdOf(random)
      book.reached(id, addressOf(id, '5.5.5.5'))
    }
    expect(book.size().tried).toBe(MAX_TRIED_PEERS)
  })

  test('behavior: poisoned nine parts in ten, a restart leads to honest peers [P2P-BOOK-2]', () => {
    const random = createPrng('eclipse')
    const attackers = Array.from({ length: 1000 }, (_, n) => ({
      id: peerIdOf(random),
      host: `66.${n % 60}.${n % 250}.7`,
    }))
    const honest = Array.from({ length: 100 }, (_, n) => ({ id: peerIdOf(random), host: `20.${n}.0.1` }))
    const isHonest = new Set(honest.map(({ id }) => id))
    const before = new Book('self', { clock: handClock(), rng: random })
    for (const { id, host } of honest.slice(0, 20)) before.reached(id, addressOf(id, host))
    before.anchor(new Set(honest.slice(0, MAX_ANCHORS).map(({ id }) => id)))
    for (const { id, host } of attackers) before.learn([addressOf(id, host)], place(host))
    for (const { id, host } of honest.slice(20)) before.learn([addressOf(id, host)], place(host))
    const { peers } = decodeBook(encodeBook({ peers: before.all(), bans: [] }))
    expect(peers.filter(({ id }) => !isHonest.has(id)).length / peers.length).toBeGreaterThan(0.89)
    // Five of the eight anchors are gone; attackers answer always.
    const gone = new Set(honest.slice(0, 5).map(({ id }) => id))
    let fewest = OUTBOUND_PEERS
    for (let run = 0; run < 100; run += 1) {
      const again = new Book('self', { clock: handClock(), rng: createPrng(`restart ${run}`) })
      for (const entry of peers) again.restore({ ...entry })
      const connected = dialAll(again, gone)
      expect(connected.size).toBe(OUTBOUND_PEERS)
      fewest = Math.min(fewest, [...connected].filter((id) => isHonest.has(id)).length)
    }
    expect(fewest).toBeGreaterThanOrEqual(3)
  })

  test('behavior: failures make a peer wait, use its next address, and be forgotten [P2P-BOOK-3]', () => {
    const random = createPrng('fail')
    const clock = handClock()
    const book = new Book('self', { clock, rng: random })
    const id = peerIdOf(random)
    book.introduced(id, [addressOf(id, '20.1.0.1'), addressOf(id, '20.2.0.1')], place('20.1.0.1'))
    expect(book.choose(all)?.address).toBe(addressOf(id, '20.1.0.1'))
    book.failed(id)
    expect(book.choose(all)).toBeUndefined()
    clock.nowMs += 120_000
    expect(book.choose(all)?.address).toBe(addressOf(id, '20.2.0.1'))
    for (let n = 1; n < MAX_NEW_FAILURES; n += 1) book.failed(id)
    expect(book.get(id)).toBeUndefined()
  })

  test('behavior: neighbourhoods not connected yet come first [P2P-BOOK-2]', () => {
    const random = createPrng('groups')
    const book = new Book('self', { clock: handClock(), rng: random })
    const other = peerIdOf(random)
    for (let n = 0; n < 20; n += 1) book.learn([addressOf(peerIdOf(random), `66.1.0.${n + 1}`)], place('66.1.0.1'))
    book.learn([addressOf(other, '77.1.0.1')], place('77.1.0.1'))
    for (let n = 0; n < 20; n += 1) {
      expect(book.choose({ isWanted: () => true, groups: new Set(['66.1']) })?.id).toBe(other)
    }
  })

  test('error: a text that is no book, and entries that are no good [P2P-BOOK-4]', () => {
    const random = createPrng('text')
    const id = peerIdOf(random)
    for (const text of ['', '{', '[]', '{"version":2,"peers":[],"bans":[]}', 'x'.repeat(3_000_000)]) {
      expect(() => decodeBook(text)).toThrow(expect.objectContaining({ code: 'transport.book' }))
    }
    const good = { id, addresses: [addressOf(id, '1.2.3.4')], source: '1.2', tried: true, anchor: true, lastSeenMs: 5 }
    const peers = [
      null,
      7,
      {},
      { ...good, id: peerIdOf(random) },
      { ...good, addresses: [] },
      { ...good, lastSeenMs: -1 },
      good,
    ]
    const bans = [null, { id, untilMs: 'x', reason: '', count: 1 }, { id, untilMs: 9, reason: 'r', count: 2 }]
    const read = decodeBook(JSON.stringify({ version: 1, peers, bans }))
    expect(read.peers).toEqual([{ ...good, failures: 0, dueMs: 0 }])
    expect(read.bans).toEqual([{ id, untilMs: 9, reason: 'r', count: 2 }])
    expect(decodeBook(encodeBook(read))).toEqual(read)
  })
})

function countBySource(book: Book): number[] {
  const counts = new Map<string, number>()
  for (const { source } of book.all()) counts.set(source, (counts.get(source) ?? 0) + 1)
  return [...counts.values()]
}

/** Connects as the dialer does, until there are enough; those that are gone do not answer. */
function dialAll(book: Book, gone: ReadonlySet<string>): Set<string> {
  const connected = new Set<string>()
  const failed = new Set<string>()
  const groups = new Set<string>()
  while (connected.size < OUTBOUND_PEERS) {
    const chosen = book.choose({ isWanted: (id) => !connected.has(id) && !failed.has(id), groups })
    if (chosen === undefined) break
    if (gone.has(chosen.id)) {
      failed.add(chosen.id)
      continue
    }
    connected.add(chosen.id)
    groups.add(placeOf(chosen.address)?.group ?? '')
  }
  return connected
}

describe('bans', () => {
  test('behavior: end, grow in a row up to a longest, and are forgiven in time [P2P-BAN-1]', () => {
    const clock = handClock()
    const bans = new Bans(clock, new Set())
    expect(bans.add('a', 'why').untilMs).toBe(clock.nowMs + BAN_MS)
    expect(bans.list()).toEqual([{ id: 'a', untilMs: clock.nowMs + BAN_MS, reason: 'why' }])
    clock.nowMs += BAN_MS
    expect(bans.isBanned('a')).toBe(false)
    expect(bans.list()).toEqual([])
    expect(bans.add('a', 'why').untilMs).toBe(clock.nowMs + 2 * BAN_MS)
    for (let n = 0; n < 20; n += 1) bans.add('a', 'why')
    expect(bans.list()[0]?.untilMs).toBe(clock.nowMs + MAX_BAN_MS)
    clock.nowMs += MAX_BAN_MS + FORGET_BAN_MS
    expect(bans.kept()).toEqual([])
    expect(bans.add('a', 'why').untilMs).toBe(clock.nowMs + BAN_MS)
  })

  test('behavior: peers the operator named are kept away briefly, always [P2P-BAN-2]', () => {
    const clock = handClock()
    const bans = new Bans(clock, new Set(['named']))
    for (let n = 0; n < 20; n += 1) expect(bans.add('named', 'why').untilMs).toBe(clock.nowMs + CONFIGURED_BAN_MS)
  })

  test('behavior: are bounded; those that end first go [P2P-BAN-3]', () => {
    const clock = handClock()
    const bans = new Bans(clock, new Set())
    bans.add('long', 'why')
    bans.add('long', 'why')
    for (let n = 0; n < MAX_BANS + 50; n += 1) bans.add(`peer ${n}`, 'why')
    expect(bans.list()).toHaveLength(MAX_BANS)
    expect(bans.isBanned('long')).toBe(true)
  })
})

describe('standing', () => {
  test('behavior: is bounded both ways and half forgotten in a half-life [P2P-SCORE-1]', () => {
    const clock = handClock()
    const standings = new Standings(clock)
    for (let n = 0; n < 1000; n += 1) standings.note('good', 'useful')
    expect(standings.scoreOf('good')).toBe(20)
    standings.note('bad', 'invalid')
    expect(standings.scoreOf('bad')).toBe(POINTS.invalid)
    clock.nowMs += SCORE_HALF_LIFE_MS
    expect(standings.scoreOf('bad')).toBe(POINTS.invalid / 2)
    const falls = Array.from({ length: 10 }, () => standings.note('bad', 'invalid'))
    expect(falls.indexOf(true)).toBe(4)
    expect(standings.scoreOf('bad')).toBe(BAN_SCORE)
  })

  test('behavior: credit saves nobody for long [P2P-SCORE-1]', () => {
    const standings = new Standings(handClock())
    for (let n = 0; n < 1000; n += 1) standings.note('sly', 'useful')
    const falls = Array.from({ length: 6 }, () => standings.note('sly', 'invalid'))
    expect(falls.at(-1)).toBe(true)
  })

  test('behavior: every kind of message has a rate of its own [P2P-RATE-1]', () => {
    const kinds = Array.from({ length: 255 }, (_, first) => messageKind(Uint8Array.of(first)))
    expect(kinds.filter((kind) => kind !== 'unknown').length).toBeGreaterThanOrEqual(9)
    expect(kinds.filter((kind) => kind !== 'unknown' && RATES[kind] === undefined)).toEqual([])
  })

  test('behavior: rates allow a burst, then so much a second, and outlive a connection [P2P-RATE-1]', () => {
    const clock = handClock()
    const standings = new Standings(clock)
    const { burst = 0, perSecond = 0 } = RATES['announce']?.messages ?? {}
    const count = (tries: number): number =>
      Array.from({ length: tries }, () => standings.allows('a', 'announce', { bytes: 50 })).filter(Boolean).length
    expect(count(10 * burst)).toBe(burst)
    clock.nowMs += 1000
    expect(count(10 * burst)).toBe(perSecond)
    expect(standings.allows('b', 'announce', { bytes: 50 })).toBe(true)
    expect(standings.allows('a', 'transactions', { bytes: 10 ** 9 })).toBe(false)
  })
})
