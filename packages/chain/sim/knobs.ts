import { createPrng, type Prng } from '#primitives'

/** How a producer with a bad heart behaves. */
export type Misbehaviour =
  /** Sends half of its peers another block for the same slot. */
  | 'equivocate'
  /** A second machine runs with the same key. */
  | 'twin'
  /** Forgets on every restart what it signed. */
  | 'amnesia'
  /** Claims in some headers that it made nothing before. */
  | 'denial'
  /** Sends blocks with one thing in the header that is not so. */
  | 'forge'
  /** Keeps its blocks back and lets them out later, to some. */
  | 'withhold'
  /** Never hears of a transaction, so includes none and passes none on. */
  | 'censor'

/** Parameters of the contract that counts signals. */
export interface UpdateRule {
  readonly window: number
  readonly lockIn: number
  readonly confirm: number
}

export interface UpgradeKnobs {
  readonly rule: UpdateRule
  /** Chance in a thousand that a machine has a successor only later, or once it was stopped for it. */
  readonly laggards: number
  /** Chance in a thousand, per machine and slot, that a machine is set up anew without what its operator had installed. */
  readonly reverted: number
  /** Slot in which the last machine starts for the first time; 0: with all others. */
  readonly joinsAt: number
}

/** Everything that is decided about one run before it starts. Zero and empty mean off. */
export interface Knobs {
  readonly seed: bigint
  readonly producers: number
  readonly backups: number
  readonly slotMs: number
  /** Length of a term in slots. */
  readonly termSlots: number
  readonly faultySlots: number
  readonly calmSlots: number
  /** Every node executes every block, instead of sharing outcomes. */
  readonly executeAll: boolean
  /** Nodes pass on what came from others. */
  readonly relay: boolean
  /** Blocks a peer may be ahead before headers come first. */
  readonly farBlocks: number
  /** Tasks that are due together run in random order. */
  readonly shuffle: boolean
  readonly delayMs: number
  /** Chances in a thousand, per message. */
  readonly loss: number
  readonly duplicate: number
  readonly slowMessage: number
  /** Chances in a thousand, per machine and slot. */
  readonly crash: number
  readonly freeze: number
  /** Chance in a thousand that a machine loses power right after it has acknowledged a transaction. */
  readonly crashAfterAnswer: number
  /** Longest time a machine is down or frozen, in slots. */
  readonly longestOutage: number
  /** Chance in a thousand, per slot, that the network splits, and the longest time it stays so, in slots. */
  readonly partition: number
  readonly longestPartition: number
  readonly skewMs: number
  readonly diskMs: number
  readonly misbehaviours: readonly { readonly machine: number; readonly kind: Misbehaviour }[]
  /** Transactions in ten slots. */
  readonly load: number
  readonly invalid: boolean
  readonly bigVotes: boolean
  readonly evidence: boolean
  /** Kinds of lies a forger knows. */
  readonly lies: number
  /** Chance in ten thousand that a batch on its way to the disk ends with an error instead. */
  readonly diskFault: number
  /** Chance in a thousand, per machine and slot, that its clock jumps back; and how much faster or slower it runs, in a thousand. */
  readonly clockJump: number
  readonly clockRate: number
  /** Chance in a thousand that a message arrives with other bytes. */
  readonly corrupt: number
  /** Chance in a thousand, per slot, that machines are cut off one by one and come back in another order. */
  readonly swizzle: number
  /** The key's record has a disk of its own, values carry checks, and a starting producer watches for its key, as in `startNode`. */
  readonly home: boolean
  /** One machine's disk: chance in a thousand, per slot, that bits flip; in ten thousand, per read, that it fails. */
  readonly bitFlip: number
  readonly readFault: number
  /** The same disk: chances in a thousand, per crash, that a batch under way arrives in part, or that the log loses its end. */
  readonly torn: number
  readonly lostTail: number
  /** Chance in a thousand, per batch of the same disk, that power goes while it is written. */
  readonly powerCut: number
  /** Chance in a thousand, per slot, that the same machine is put back to an old backup, its record too. */
  readonly backup: number
  /** Chance in a thousand, per slot, of a burst of transactions of one account. */
  readonly flood: number
  /** Chance in a thousand, per slot, that what machines share is forgotten. */
  readonly forget: number
  /** Both blocks of who makes two for a slot are valid. */
  readonly siblings: boolean
  /** Each link has fates of its own, so that what else a machine sends in the same moment, and in which order, changes nothing for it. */
  readonly ownFates: boolean
  /** The collection is upgraded, or may be. */
  readonly upgrade?: UpgradeKnobs
}

/** Kept seeds name the edition whose faults they were found with; newer faults are off in them. */
export const EDITION = 5

const SIZES = [1, 2, 3, 4, 4, 5, 5, 5, 5, 7, 7, 9] as const
const BIG = 17
/** Kinds of lies in `byzantine.ts`. */
const LIES = 13
const LATER_LIES = 15

function size(prng: Prng): number {
  return prng.int(40) === 0 ? BIG : prng.pick(SIZES)
}

/** Fewer than a third. */
export const tolerated = (producers: number): number => Math.ceil(producers / 3) - 1

function misbehaving(prng: Prng, producers: number): Knobs['misbehaviours'] {
  const most = tolerated(producers)
  if (most === 0 || prng.bool()) return []
  const kinds: readonly Misbehaviour[] = ['equivocate', 'twin', 'amnesia', 'denial', 'forge']
  const machines = prng.shuffle(Array.from({ length: producers }, (_, index) => index))
  return machines.slice(0, 1 + prng.int(most)).map((machine) => ({ machine, kind: prng.pick(kinds) }))
}

/** Expands a seed. Each fault is off in half of the seeds, so that runs with few of them are common. */
export function drawKnobs(seed: bigint, rounds?: number, edition: number = EDITION): Knobs {
  const prng = createPrng(`knobs ${seed}`)
  const far = createPrng(`far ${seed}`)
  const maybe = (value: () => number): number => {
    const drawn = value()
    return prng.bool() ? drawn : 0
  }
  // A few runs split a small network for so long that no single answer bridges the fork.
  const deep = rounds === undefined && prng.int(25) === 0
  const producers = deep ? 2 + prng.int(3) : size(prng)
  const length = producers + 1
  const slotMs = prng.pick([4000, 4000, 4000, 4000, 600_000, 3_600_000, 86_400_000])
  const faultyRounds = deep ? 110 : (rounds ?? (prng.int(6) === 0 ? 30 + prng.int(40) : 6 + prng.int(14)))
  const termRounds = prng.pick([2, 3, 5, 8, 20])
  const first: Knobs = {
    seed,
    producers,
    backups: prng.int(4),
    slotMs,
    termSlots: prng.bool([3, 4]) ? Math.max(termRounds * length, 2) : 1_000_000,
    faultySlots: faultyRounds * length,
    calmSlots: 8 * length + 8,
    executeAll: prng.int(8) === 0,
    shuffle: prng.bool(),
    relay: prng.int(3) === 0,
    farBlocks: far.pick([64, 64, 1, 4]),
    delayMs: prng.pick([20, 100, 400, 1500]),
    loss: maybe(() => prng.pick([10, 50, 150, 300])),
    duplicate: maybe(() => prng.pick([50, 300])),
    slowMessage: maybe(() => prng.pick([20, 100])),
    crash: maybe(() => prng.pick([2, 10, 30])),
    freeze: maybe(() => prng.pick([5, 20])),
    crashAfterAnswer: maybe(() => 200),
    longestOutage: prng.pick([1, 4, length, 3 * length]),
    partition: deep ? 100 : maybe(() => prng.pick([10, 40])),
    longestPartition: deep ? 200 * length : prng.pick([length, 4 * length, 30 * length]),
    skewMs: maybe(() => prng.pick([300, 3000, 10_000])),
    diskMs: prng.pick([1, 1, 20, 300]),
    misbehaviours: misbehaving(prng, producers),
    load: deep ? 1 : maybe(() => prng.pick([2, 10, 40])),
    invalid: prng.bool(),
    bigVotes: prng.bool(),
    evidence: prng.bool([3, 4]),
    ...OLD,
  }
  if (edition < 2) return first
  const second = { ...first, ...drawNewer(first) }
  if (edition < 3) return second
  const third = { ...second, ...drawThird(second) }
  if (edition < 4) return third
  return { ...third, ...drawFourth(third), ownFates: edition >= 5 }
}

const OLD = {
  lies: 7,
  diskFault: 0,
  clockJump: 0,
  clockRate: 0,
  corrupt: 0,
  swizzle: 0,
  home: false,
  bitFlip: 0,
  readFault: 0,
  torn: 0,
  lostTail: 0,
  powerCut: 0,
  backup: 0,
  flood: 0,
  forget: 0,
  siblings: false,
  ownFates: false,
} as const

/** From numbers of their own, so that what was drawn before stays as it was. */
function drawNewer({ seed, misbehaviours }: Knobs): Partial<Knobs> {
  const prng = createPrng(`newer knobs ${seed}`)
  const maybe = (value: () => number): number => {
    const drawn = value()
    return prng.bool([1, 3]) ? drawn : 0
  }
  return {
    lies: LIES,
    diskFault: maybe(() => prng.pick([2, 10, 40])),
    clockJump: maybe(() => prng.pick([2, 10])),
    clockRate: maybe(() => prng.pick([20, 100])),
    corrupt: maybe(() => prng.pick([2, 10])),
    swizzle: maybe(() => prng.pick([10, 40])),
    misbehaviours: misbehaviours.map((one) => (prng.int(6) === 0 ? { ...one, kind: 'withhold' } : one)),
  }
}

/** A network on which everybody hears everybody soon, so that a watch of two rounds can be relied on. */
const CLEAR: Partial<Knobs> = {
  partition: 0,
  loss: 0,
  slowMessage: 0,
  swizzle: 0,
  corrupt: 0,
  crash: 0,
  crashAfterAnswer: 0,
  freeze: 0,
  diskFault: 0,
  clockJump: 0,
  clockRate: 0,
  skewMs: 0,
  delayMs: 100,
  slotMs: 4000,
  diskMs: 20,
  misbehaviours: [],
}

function drawThird({ seed, producers, backups, misbehaviours, crash }: Knobs): Partial<Knobs> {
  const prng = createPrng(`third knobs ${seed}`)
  const maybe = (value: () => number): number => {
    const drawn = value()
    return prng.bool([1, 4]) ? drawn : 0
  }
  const enough = producers + backups >= 3
  const drawn = {
    bitFlip: maybe(() => prng.pick([20, 100])),
    readFault: maybe(() => prng.pick([50, 300])),
    torn: maybe(() => 600),
    lostTail: maybe(() => 400),
    backup: prng.int(12) === 0 ? 40 : 0,
  }
  const damaged = enough && Object.values(drawn).some((chance) => chance > 0)
  return {
    lies: LATER_LIES,
    ...(damaged ? drawn : {}),
    home: damaged || prng.int(6) === 0,
    // What a crash does is seen only where there are crashes, and a torn write where writes take time.
    ...(drawn.torn > 0 || drawn.lostTail > 0 ? { crash: Math.max(crash, 20) } : {}),
    ...(drawn.torn > 0 ? { diskMs: 300 } : {}),
    flood: maybe(() => prng.pick([5, 20])),
    forget: maybe(() => 50),
    misbehaviours: misbehaviours.map((one) => (prng.int(7) === 0 ? { ...one, kind: 'censor' as const } : one)),
    ...(damaged && drawn.backup > 0 ? { ...CLEAR, bitFlip: 0, readFault: 0, torn: 0, lostTail: 0 } : {}),
  }
}

const SMALL: UpdateRule = { window: 10, lockIn: 8, confirm: 20 }
const SMALLEST: UpdateRule = { window: 5, lockIn: 4, confirm: 5 }

function drawUpgrade(prng: Prng, rule: UpdateRule, slots: number): UpgradeKnobs {
  const late = prng.int(3) === 0
  const [laggards, reverted] = [prng.pick([0, 0, 200, 500]), prng.pick([0, 0, 5, 20])]
  return { rule, laggards, reverted, joinsAt: late ? 1 + prng.int(slots) : 0 }
}

function drawFourth({ seed, faultySlots, torn }: Knobs): Partial<Knobs> {
  const prng = createPrng(`fourth knobs ${seed}`)
  const wanted = prng.int(8) === 0
  const rule = prng.pick([SMALL, SMALL, SMALLEST, { window: 20, lockIn: 11, confirm: 9 }])
  const upgrade = drawUpgrade(prng, rule, faultySlots)
  // Between one write and the next a crash tears nothing.
  return { siblings: true, powerCut: torn > 0 ? 30 : 0, ...(wanted ? { upgrade } : {}) }
}

/** Disks that keep and give what was written. */
const SOUND: Partial<Knobs> = { bitFlip: 0, readFault: 0, torn: 0, lostTail: 0, home: false }

/** One in so many runs has the rule of the main chain, one in a few its window alone. */
const WHOLE_RULE = 250
const WHOLE_WINDOW = 30

/** A short run about nothing but upgrades, with what can happen meanwhile. */
export function forUpgrades(knobs: Knobs): Knobs {
  const prng = createPrng(`upgrade knobs ${knobs.seed}`)
  const maybe = (values: readonly number[]): number => (prng.bool() ? prng.pick(values) : 0)
  const whole = prng.int(WHOLE_RULE) === 0
  const wide = prng.int(WHOLE_WINDOW) === 0
  const producers = whole ? 2 : prng.pick([3, 4, 4, 4, 4, 5])
  const length = producers + 1
  const rounds = whole ? 800 : wide ? 36 : 9 + prng.int(6)
  const small = prng.pick([SMALL, SMALL, SMALL, { ...SMALL, lockIn: 6 }, { ...SMALL, confirm: 6 }, SMALLEST])
  const rule = whole || wide ? { window: 100, lockIn: 80, confirm: whole ? 2000 : 20 } : small
  const [machine, kind] = [
    prng.int(producers),
    prng.pick(['equivocate', 'twin', 'denial', 'forge', 'withhold'] as const),
  ]
  const faultySlots = rounds * length
  return {
    ...knobs,
    producers,
    backups: prng.int(2),
    slotMs: 4000,
    termSlots: prng.bool() ? 5 * length : 1_000_000,
    faultySlots,
    calmSlots: 5 * length + 5,
    executeAll: !whole && prng.int(16) === 0,
    backup: 0,
    load: whole ? 0 : prng.pick([1, 4]),
    flood: 0,
    delayMs: prng.pick([20, 400, 1500]),
    loss: maybe([10, 50]),
    partition: whole ? 0 : maybe([20, 40, 80]),
    longestPartition: prng.pick([length, 4 * length]),
    crash: whole ? 0 : maybe([3, 10]),
    freeze: whole ? 0 : maybe([3, 10]),
    clockJump: 0,
    clockRate: prng.int(4) === 0 ? 20 : 0,
    longestOutage: prng.pick([1, 4, length, 2 * length]),
    misbehaviours: producers > 3 && prng.bool() ? [{ machine, kind }] : [],
    siblings: true,
    upgrade: drawUpgrade(prng, rule, faultySlots),
    ...(whole ? { ...CLEAR, ...SOUND } : {}),
  }
}
