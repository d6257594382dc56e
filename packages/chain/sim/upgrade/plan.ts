import { createPrng, type Hash, type Prng } from '#primitives'
import type { Knobs, UpgradeKnobs } from '../knobs.ts'
import { hashOf, SUCCESSORS } from './successors.ts'

const MOST_STEPS = 12
/** Slots in which all have heard of a new choice. */
const HESITATION = 4

/** From a slot on, an operator wants something signalled, or has something installed. */
export interface Deed {
  readonly slot: number
  readonly machine: number
  readonly act: 'signal' | 'install'
  /** Left out: no signal. */
  readonly hash?: Hash
}

interface Draw {
  readonly prng: Prng
  readonly machines: number
  readonly home: Hash
  readonly one: Hash
  readonly two: Hash
}

type Choice = Hash | undefined

/** What each machine is to signal from now on. */
function choices({ prng, machines, home, one, two }: Draw, before: readonly Choice[]): Choice[] {
  const all = (hash: Choice): Choice[] => Array.from({ length: machines }, () => hash)
  switch (
    prng.pick(['one', 'one', 'one', 'two', 'two', 'none', 'home', 'halves', 'halves', 'fewer', 'fewer', 'each'])
  ) {
    case 'one':
      return all(one)
    case 'two':
      return all(two)
    case 'none':
      return all(undefined)
    case 'home':
      return all(home)
    case 'halves':
      return all(one).map((hash, index) => (index % 2 === 0 ? hash : two))
    case 'fewer': {
      // Some leave what all were for: the support falls to about the line.
      const leave = 1 + prng.int(Math.max(machines >> 1, 1))
      const to = prng.pick([undefined, undefined, one, two])
      return before.map((hash, index) => (index < leave ? to : (hash ?? one)))
    }
    default:
      return before.map(() => prng.pick([one, two, undefined, home]))
  }
}

/** Slots until the next change of mind: within a lock-in, within a confirmation, or after it. */
function pause(prng: Prng, { window, lockIn, confirm }: UpgradeKnobs['rule']): number {
  const whole = window + confirm
  const short = prng.pick([2, lockIn, window, Math.min(confirm >> 1, 3 * window)])
  return prng.bool([2, 3]) ? whole + prng.int(12) + (whole >> 3) : short + prng.int(6)
}

function steps(draw: Draw, upgrade: UpgradeKnobs, slots: number): { from: number; wanted: readonly Choice[] }[] {
  const { prng, machines, one } = draw
  let wanted: readonly Choice[] = Array.from({ length: machines }, () => one)
  if (prng.int(4) === 0) wanted = choices(draw, wanted)
  const made = [{ from: prng.int(6), wanted }]
  for (
    let slot = pause(prng, upgrade.rule);
    slot < slots && made.length < MOST_STEPS;
    slot += pause(prng, upgrade.rule)
  ) {
    wanted = choices(draw, wanted)
    made.push({ from: slot, wanted })
  }
  return made
}

/** What the operators of a run's machines do about upgrades, and when, until all is well. */
export function drawPlan(
  knobs: Knobs,
  upgrade: UpgradeKnobs,
  about: { machines: number; home: Hash },
): readonly Deed[] {
  const prng = createPrng(`upgrade plan ${knobs.seed}`)
  const one = prng.pick(['greeting', 'greeting', 'greeting', 'costly', 'costly', 'broken'] as const)
  const two = prng.pick((['greeting', 'costly', 'broken'] as const).filter((name) => name !== one))
  const draw: Draw = { ...about, prng, one: hashOf(one), two: hashOf(two) }
  const slots = knobs.faultySlots
  const deeds: Deed[] = []
  for (let machine = 0; machine < about.machines; machine++) {
    for (const hash of SUCCESSORS.filter((name) => name !== 'odd').map(hashOf)) {
      const lags = prng.int(1000) < upgrade.laggards
      // Who waits too long installs only what it was stopped for.
      if (!lags || prng.bool()) deeds.push({ slot: lags ? prng.int(slots) : 0, machine, act: 'install', hash })
    }
  }
  const hesitation = prng.pick([1, HESITATION])
  for (const { from, wanted } of steps(draw, upgrade, slots)) {
    for (const [machine, hash] of wanted.entries()) {
      const slot = from + prng.int(hesitation)
      deeds.push({ slot, machine, act: 'signal', ...(hash === undefined ? {} : { hash }) })
    }
  }
  return deeds.sort((a, b) => a.slot - b.slot)
}
