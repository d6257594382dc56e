import type { MainChain } from '#chains'
import type { DposState } from '#consensus/dpos'
import type { BlockEnvironment } from '#contracts/runtime'
import type { AdmissionResult, EraExecutor } from '#executor'
import type { Genesis, SignedHeader, SignedTransaction, StateReader } from '#kernel'
import type { Outcome, OutcomeMemo } from '#ledger'
import { type Bytes, equalBytes, type Hash } from '#primitives'
import { type Checks, plainChecks } from '#store'

const MAX_OUTCOMES = 512

/** Something all machines of a run use, that can forget what it knows at any moment. */
export interface Shared<T> {
  readonly value: T
  forget(): void
}

/** Executed blocks, shared by all machines of one run, by the block's hash: it binds the parent, and with it the state before. */
export function sharedOutcomes(): Shared<OutcomeMemo> {
  const known = new Map<Hash, Outcome>()
  const memo: OutcomeMemo = {
    trusted: true,
    get: (hash) => known.get(hash),
    put: (hash, outcome) => {
      known.set(hash, outcome)
      if (known.size <= MAX_OUTCOMES) return
      const oldest = known.keys().next()
      if (oldest.done !== true) known.delete(oldest.value)
    },
  }
  return { value: memo, forget: () => known.clear() }
}

type Engine = MainChain['engine']
type Refusal = ReturnType<Engine['validate']>

/** What was found out about one state: by header, and its stored form. */
interface Known {
  readonly verdicts: Map<string, Refusal>
  readonly next: Map<string, DposState>
  encoded?: Bytes
}

const nameOf = ({ hash, signature }: SignedHeader): string => hash + signature

/**
 * The chain with an engine that judges each header once for all machines of a run, instead of once a machine: its answers depend on
 * the state and the header alone. States are immutable, so machines may hold the same one.
 */
export function sharedEngine(chain: MainChain): Shared<MainChain> {
  const { engine } = chain
  let known = new WeakMap<DposState, Known>()
  const about = (state: DposState): Known => {
    let found = known.get(state)
    if (found === undefined) known.set(state, (found = { verdicts: new Map(), next: new Map() }))
    return found
  }
  const first = new WeakMap<Genesis, DposState>()
  const shared: Engine = {
    ...engine,
    init(genesis, hash) {
      if (hash !== undefined) return engine.init(genesis, hash)
      const known = first.get(genesis) ?? engine.init(genesis)
      first.set(genesis, known)
      return known
    },
    validate(state, header, options = {}) {
      const { nowSlot } = options
      const early = nowSlot !== undefined && header.slot > nowSlot
      const name = nameOf(header)
      const { verdicts } = about(state)
      // From the future, or judged with a signer found elsewhere: not for all.
      if (early || options.signer !== undefined || options.trustSignature === true)
        return engine.validate(state, header, options)
      if (!verdicts.has(name)) verdicts.set(name, engine.validate(state, header, {}))
      return verdicts.get(name)
    },
    apply(state, header, input) {
      const { next } = about(state)
      const name = nameOf(header)
      const applied = next.get(name)
      if (applied !== undefined) return applied
      const made = engine.apply(state, header, input)
      next.set(name, made)
      return made
    },
  }
  const newest = new Map<Hash, WeakRef<DposState>>()
  const encodeState = (state: DposState): Bytes => {
    newest.set(state.hash, new WeakRef(state))
    return (about(state).encoded ??= chain.encodeState(state))
  }
  const value: MainChain = {
    ...chain,
    engine: shared,
    encodeState,
    // Who read its state from disk goes on with the one the others hold, when it is the same to the last byte.
    decodeState(bytes) {
      const decoded = chain.decodeState(bytes)
      const other = newest.get(decoded.hash)?.deref()
      return other !== undefined && equalBytes(encodeState(other), bytes) ? other : decoded
    },
  }
  const forget = (): void => {
    known = new WeakMap()
    newest.clear()
  }
  return { value, forget }
}

interface Checked {
  readonly key: Bytes
  readonly other: Bytes
}

/** Looks a pair of arrays up before it works the second one out: the same key and the very same first one give it again. */
function remembered(work: (key: Bytes, bytes: Bytes) => Bytes, known: WeakMap<Bytes, Checked>): Checks['seal'] {
  return (key, bytes) => {
    const before = known.get(bytes)
    if (before !== undefined && equalBytes(before.key, key)) return before.other
    const other = work(key, bytes)
    known.set(bytes, { key, other })
    return other
  }
}

/**
 * Checks that are worked out once for all disks that hold the very same array. What a disk gives back otherwise than it was written is
 * another array, and looked at; so is every array when it is read for the first time.
 */
export function sharedChecks(): Shared<Checks> {
  const [seal, open] = [plainChecks.seal, plainChecks.open]
  const fresh = (): Checks => ({ seal: remembered(seal, new WeakMap()), open: remembered(open, new WeakMap()) })
  let checks = fresh()
  return {
    value: { seal: (key, value) => checks.seal(key, value), open: (key, stored) => checks.open(key, stored) },
    forget: () => {
      checks = fresh()
    },
  }
}

/** Whether a call stands in the same block: all that an environment and the fees of its height hold. */
const placeOf = ({ height, slot, timeMs, producer }: BlockEnvironment): string =>
  `${height} ${slot} ${timeMs} ${producer}`

type Answers = WeakMap<SignedTransaction, AdmissionResult>

/**
 * Executors that check each transaction once for all machines that hold the same state. The state is the key, not its root: trees
 * are immutable, and machines that share outcomes hold the same one.
 */
export function sharedAdmission({
  upgrades,
}: {
  readonly upgrades: boolean
}): Shared<(executor: EraExecutor) => EraExecutor> {
  let known = new WeakMap<StateReader, Map<string, Answers>>()
  const over = (executor: EraExecutor): EraExecutor => ({
    ...executor,
    verifyForAdmission(transaction, call) {
      let places = known.get(call.state)
      if (places === undefined) known.set(call.state, (places = new Map()))
      // Who lacks the next collection answers with the one before.
      const runs = upgrades ? executor.eraAt(call.state, call.env.height).hash : ''
      const place = `${placeOf(call.env)} ${runs}`
      let answers = places.get(place)
      if (answers === undefined) places.set(place, (answers = new WeakMap()))
      let answer = answers.get(transaction)
      if (answer === undefined) answers.set(transaction, (answer = executor.verifyForAdmission(transaction, call)))
      return answer
    },
  })
  return {
    value: over,
    forget: () => {
      known = new WeakMap()
    },
  }
}
