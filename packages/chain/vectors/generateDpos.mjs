// Writes vectors/dpos.json. Shares no code with src: the rules of consensus/dpos/README.md once more, naive on
// purpose (whole history instead of windows, sets instead of counters, strings instead of types).
// Run: node packages/chain/vectors/generateDpos.mjs
import { writeFileSync } from 'node:fs'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

const M = 2n ** 256n
const be = (n, size) => hexToBytes(n.toString(16).padStart(size * 2, '0'))
const un = (hex) => hexToBytes(hex.slice(2))
const hx = (bytes) => `0x${bytesToHex(bytes)}`
const cat = (...list) => Uint8Array.from(list.flatMap((bytes) => [...bytes]))
const H = (tag, ...parts) => sha256(cat([tag.length], utf8ToBytes(tag), ...parts))
const num = (bytes) => BigInt(hx(bytes))
const ZERO = `0x${'00'.repeat(32)}`

const SLOT_MS = 4000
const GENESIS_HASH = hx(H('vector/genesis'))

function member(name) {
  const length = 300
  const values = [H('vector/seed', utf8ToBytes(name))]
  for (let i = 0; i < length; i++) values.unshift(H('aelf/in/1', values[0]))
  return { name, address: hx(H('vector/address', utf8ToBytes(name)).slice(0, 20)), values: values.map(hx) }
}
const people = Object.fromEntries([...'ABCDEFG'].map((name) => [name, member(name)]))
const byAddress = Object.fromEntries(Object.values(people).map((one) => [one.address, one]))
const listOf = (names) =>
  [...names].map((name) => ({ address: people[name].address, commitment: people[name].values[0] }))
const listHash = (list) =>
  hx(H('aelf/producers/1', be(BigInt(list.length), 4), ...list.flatMap((e) => [un(e.address), un(e.commitment)])))

function places(traversed, residues) {
  const n = traversed.length
  const out = Array(n).fill(null)
  for (let i = 0; i < n; i++) {
    let p = residues[i]
    while (out[p] !== null) p = (p + 1) % n
    out[p] = traversed[i]
  }
  return out
}
const two = (n) => Math.floor((2 * n) / 3) + 1

const world = {
  term: 1,
  list: listOf('ABCDE'),
  anchor: {},
  streak: {},
  failures: {},
  until: {},
  evicted: new Set(),
  pending: null,
  pendingEvicted: [],
  chain: [],
  slot: 0,
  generated: {},
}
for (const one of Object.values(people)) world.anchor[one.address] = one.values[0]
const residue = (n, count) => Number(n % BigInt(count))

function openFirst() {
  const all = num(H('aelf/seed/1', un(GENESIS_HASH)))
  const list = world.list.map((e) => e.address)
  const order = places(
    list,
    list.map((a) => residue(num(H('aelf/term-order/1', be(all, 32), un(a))), list.length)),
  )
  const extra = list[residue(num(H('aelf/extra/1', be(all, 32))), list.length)]
  return { number: 1, term: 1, start: 1, order, extra, all, made: {}, countedFrom: 1 }
}

function openNext(round, lastSlot, halted) {
  const start = round.start + round.order.length + 1
  const sig = {}
  for (const a of round.order) sig[a] = num(H('aelf/sig/1', be((BigInt(world.anchor[a]) + round.all) % M, 32)))
  let all = sig[round.extra]
  for (const a of round.order) all += sig[a]
  all %= M
  const inRotation = () =>
    world.list.map((e) => e.address).filter((a) => !world.evicted.has(a) && (world.until[a] ?? 0) <= start)
  const countedTo = halted ? lastSlot + 1 : start
  round.order.forEach((a, i) => {
    const slot = round.start + i
    if (round.made[slot]) world.streak[a] = 0
    else if (slot >= round.countedFrom && slot < countedTo) {
      world.streak[a] = (world.streak[a] ?? 0) + 1
      if (world.streak[a] < 2) return
      world.streak[a] = 0
      if (world.evicted.has(a)) return
      const without = inRotation().filter((other) => other !== a)
      if (without.length < two(world.list.length)) {
        const [back] = world.list
          .map((e) => e.address)
          .filter((other) => other !== a && !without.includes(other) && !world.evicted.has(other))
          .filter((other) => !round.order.includes(other))
          .sort((x, y) => world.until[x] - world.until[y])
        if (back === undefined) return
        world.until[back] = start
      }
      world.failures[a] = (world.failures[a] ?? 0) + 1
      world.until[a] = start + Math.ceil((2 ** world.failures[a] * 3_600_000) / SLOT_MS)
    }
  })
  const fresh = world.pending !== null
  if (fresh) {
    world.term++
    world.list = world.pending
    world.streak = {}
    world.failures = {}
    world.until = {}
    world.evicted = new Set(world.pendingEvicted)
    world.pending = null
    world.pendingEvicted = []
  }
  let rotation = inRotation()
  const missing = two(world.list.length) - rotation.length
  if (missing > 0) {
    const out = world.list.map((e) => e.address).filter((a) => !world.evicted.has(a) && !rotation.includes(a))
    const back = out
      .map((a, i) => [world.until[a], i, a])
      .sort((x, y) => x[0] - y[0] || x[1] - y[1])
      .slice(0, missing)
      .map((x) => x[2])
    rotation = world.list.map((e) => e.address).filter((a) => rotation.includes(a) || back.includes(a))
  }
  const n = rotation.length
  const stay = fresh ? [] : round.order.filter((a) => rotation.includes(a))
  const come = rotation.filter((a) => !stay.includes(a))
  const tag = fresh ? 'aelf/term-order/1' : 'aelf/return-order/1'
  const residues = [
    ...stay.map((a) => residue(sig[a], n)),
    ...come.map((a) => residue(num(H(tag, be(all, 32), un(a))), n)),
  ]
  const order = places([...stay, ...come], residues)
  return {
    number: round.number + 1,
    term: world.term,
    start,
    order,
    extra: rotation[residue(sig[round.order[0]], n)],
    all,
    made: {},
    countedFrom: start,
  }
}

// Votes by definition: for every height the set of prevoters and precommitters among that term's list.
function finality() {
  const chain = world.chain
  const prevoters = chain.map(() => new Set())
  const precommitters = chain.map(() => new Set())
  const sizes = chain.map((b) => two(b.list.length))
  for (const block of chain) {
    const g = block.generated
    if (g >= block.height) continue
    let base = g
    for (;;) {
      const before = chain[base - 1]
      if (!before || before.producer !== block.producer || before.generated >= before.height) break
      base = before.generated
    }
    const votesAt = (h) =>
      h > block.height - 5 * (block.list.length + 1) && chain[h - 1].list.some((e) => e.address === block.producer)
    for (let h = base + 1; h <= block.height; h++) {
      if (votesAt(h) && prevoters[h - 1].size >= sizes[h - 1]) precommitters[h - 1].add(block.producer)
    }
    for (let h = g + 1; h <= block.height; h++) if (votesAt(h)) prevoters[h - 1].add(block.producer)
  }
  const top = (sets) => sets.reduce((best, set, i) => (set.size >= sizes[i] ? i + 1 : best), 0)
  return { prevoted: top(prevoters), finalized: top(precommitters) }
}

let state = 12345
const chance = (n) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0
  return (state >>> 16) % n
}

const rounds = []
const headers = []
let round = openFirst()
rounds.push(round)
let marks = { prevoted: 0, finalized: 0 }

function block(slot, extras = {}) {
  while (slot >= round.start + round.order.length + 1) {
    const length = round.order.length + 1
    if (Object.keys(round.made).length > 0) {
      const halted = slot - world.slot > length
      round = openNext(round, world.slot, halted)
      const next = round.order.length + 1
      round.start += Math.floor((slot - round.start) / next) * next
      round.countedFrom = halted ? slot : round.start
      rounds.push(round)
    } else throw new Error('a round with no block is never left in this script')
  }
  const index = slot - round.start
  const isExtra = index === round.order.length
  const producer = isExtra ? round.extra : round.order[index]
  if (extras.silent?.(byAddress[producer].name, round.number)) return
  const values = byAddress[producer].values
  const reveal = isExtra ? ZERO : values[values.indexOf(world.anchor[producer]) + 1]
  const height = world.chain.length + 1
  const generated = world.generated[producer] ?? 0
  const next = extras.next ? listOf(extras.next) : null
  const evicted = (extras.evicted ?? []).map((name) => people[name].address).sort()
  const consensus = cat(
    be(BigInt(round.number), 8),
    be(BigInt(round.term), 4),
    un(reveal),
    be(BigInt(marks.prevoted), 8),
    be(BigInt(generated), 8),
    un(next ? listHash(next) : ZERO),
    [evicted.length],
    ...evicted.map(un),
  )
  world.chain.push({ height, producer, generated, list: world.list })
  world.generated[producer] = height
  world.slot = slot
  round.made[slot] = true
  if (!isExtra) world.anchor[producer] = reveal
  for (const a of evicted) {
    world.evicted.add(a)
    if (world.pending) world.pendingEvicted.push(a)
  }
  if (next) {
    world.pending = next
    world.pendingEvicted = []
  }
  marks = finality()
  headers.push({
    slot,
    producer,
    isExtra,
    consensus: hx(consensus),
    ...(next ? { nextProducers: next } : {}),
    ...marks,
  })
}

const run = (count, silent) => {
  const from = world.slot + 1
  for (let slot = from; slot < from + count; slot++) block(slot, { silent })
}
run(24)
run(30, () => chance(8) === 0)
run(26, (name) => name === 'C')
run(20)
block(world.slot + 700)
run(11)
block(world.slot + 1900)
run(25)
block(world.slot + 1, { next: 'ACDEBFG' })
run(40, () => chance(9) === 0)
block(world.slot + 1, { evicted: ['F'] })
run(30)
run(30, (name) => name === 'A')
run(12)

const fig49 = { traversed: [...'CBDA'], residues: [0, 0, 2, 2], places: places([...'CBDA'], [0, 0, 2, 2]) }
const out = {
  genesis: { hash: GENESIS_HASH, slotMs: SLOT_MS, producers: listOf('ABCDE') },
  names: Object.fromEntries(Object.values(people).map((one) => [one.address, one.name])),
  fig49,
  rounds: rounds.map((r) => ({
    number: r.number,
    term: r.term,
    startSlot: r.start,
    order: r.order,
    extra: r.extra,
    entropy: `0x${r.all.toString(16)}`,
  })),
  headers,
}
writeFileSync(new URL('dpos.json', import.meta.url), `${JSON.stringify(out, null, 1)}\n`)
