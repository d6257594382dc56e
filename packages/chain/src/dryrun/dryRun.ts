import { createEra, declaredBy, type Era, mainCollection, mainCollectionHash } from '#chains'
import { type LoadedBundle, loadBundle } from '#collection'
import type { Collection } from '#contracts/runtime'
import { describeContract, successionFaults } from '#contracts/runtime'
import { createSerialExecutor, type Upgrade } from '#executor'
import { collectionAt, currentCollectionPath, encodeCurrentCollection, readCurrentCollection } from '#kernel'
import { AelfError, type Bytes, type Hash } from '#primitives'
import { compareDescriptors, compareFees, compareParameters } from './compare.ts'
import { DryRunError } from './error.ts'
import { ForkState } from './forkState.ts'
import { DEFAULT_BLOCKS, MAX_BLOCKS, MAX_LISTED } from './limits.ts'
import { environmentOf, overlay, type Run, runBlocks, type Trial } from './replay.ts'
import type { DryRunReport, LiveChain, Migration, Outcome, Replay, ReplayDifference } from './types.ts'

export interface DryRunOptions {
  /** Newest blocks that are run again. Default 20. */
  readonly blocks?: number
  /** The bundle of the running collection, where that is not the one built into this program. */
  readonly running?: Bytes
}

/** The collection that made the newest block, ready to run. */
function openFormer(hash: Hash, live: LiveChain, running: Bytes | undefined): Era {
  const open = (code: Collection): Era => createEra(hash, code, declaredBy(code, live.params))
  if (hash === mainCollectionHash) return open(mainCollection)
  if (running === undefined) {
    throw new DryRunError('dryrun.running', `The chain runs the collection ${hash}; its bundle is needed to compare`, {
      details: { collection: hash },
    })
  }
  return open(loadBundle(running, hash).collection)
}

/** The newest blocks that one collection ran, on the state before them. */
async function openTrial(live: LiveChain, count: number): Promise<{ readonly trial: Trial; readonly current: Hash }> {
  if (!Number.isInteger(count) || count < 1 || count > MAX_BLOCKS) {
    throw new DryRunError('dryrun.blocks', `1 to ${MAX_BLOCKS} blocks can be run again`)
  }
  const head = await live.height()
  const tip = new ForkState(live, (await live.block(head)).header)
  const current = await tip.settle(() => readCurrentCollection(tip))
  if (current === undefined || head === 0n) {
    throw new DryRunError('dryrun.blocks', 'The chain has no block yet, or no contract that changes its collection')
  }
  const hash = collectionAt(current, head)
  // The entry may name the next one already; what the newest block ran with began at least one block before.
  const since = current.since <= head ? current.since : 0n
  const first = head > BigInt(count) ? head - BigInt(count) : 0n
  const fork = first < since - 1n ? since - 1n : first
  if (fork >= head) throw new DryRunError('dryrun.blocks', 'The collection in force has run no block yet')
  const state = new ForkState(live, (await live.block(fork)).header)
  const blocks: Trial['blocks'][number][] = []
  for (let height = fork + 1n; height <= head; height += 1n) blocks.push(await live.block(height))
  return { trial: { live, state, blocks }, current: hash }
}

const reasonOf = (error: AelfError): string => {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`
}

/** Tries to move the state over. */
async function migrate(
  trial: Trial,
  next: Era,
  begun: { diff: ReadonlyMap<Hash, Bytes>; upgrade: Upgrade },
): Promise<Migration> {
  const [first] = trial.blocks
  const executor = createSerialExecutor(next.registry)
  const names = new Map<string, number>()
  try {
    const { cost, written } = await trial.state.settle(() => {
      if (first === undefined) throw new DryRunError('dryrun.blocks', 'There is no block to run')
      const env = environmentOf(trial.live, first.header)
      return executor.upgrade(begun.upgrade, { state: overlay(trial.state, begun.diff), env })
    })
    for (const { item } of written.values()) names.set(item.name, (names.get(item.name) ?? 0) + 1)
    return { ok: true, units: cost.units, written: Object.fromEntries(names) }
  } catch (error) {
    if (!(error instanceof AelfError) || error.code !== 'execution.activation') throw error
    return { ok: false, reason: reasonOf(error), units: 0, written: {} }
  }
}

const shown = (outcome: Outcome | undefined, dropped: string | undefined): string => {
  if (outcome === undefined) return `left out: ${dropped ?? 'unknown'}`
  const end = outcome.error === undefined ? outcome.status : `failed with ${outcome.error}`
  return `${end}, fee ${outcome.fee}`
}

function differencesOf(from: Run, to: Run): readonly ReplayDifference[] {
  return [...from.outcomes.values()].flatMap((before) => {
    const { id, height } = before
    const [was, becomes] = [shown(before, undefined), shown(to.outcomes.get(id), to.dropped.get(id))]
    return was === becomes ? [] : [{ height: height.toString(), id, was, becomes }]
  })
}

function replayOf({ blocks }: Trial, from: Run, to: Run): Replay {
  const differences = differencesOf(from, to)
  return {
    blocks: blocks.length,
    transactions: blocks.reduce((sum, { transactions }) => sum + transactions.length, 0),
    units: { from: from.units, to: to.units },
    fees: { from: from.fees.toString(), to: to.fees.toString() },
    differing: differences.length,
    differences: differences.slice(0, MAX_LISTED),
    stateRoot: to.stateRoot,
  }
}

/** The former's blocks must come to what the chain says they came to; else this program is no judge of the successor. */
async function runFormer(trial: Trial, former: Era): Promise<Run> {
  const run = await runBlocks(trial, former, { diff: new Map() })
  const tip = trial.blocks.at(-1)?.header
  if (tip === undefined || run.stateRoot === tip.stateRoot) return run
  throw new DryRunError(
    'dryrun.proof',
    `Run again, the blocks up to ${tip.height} give another state than the chain has`,
    {
      details: { expected: tip.stateRoot, found: run.stateRoot },
    },
  )
}

type Tried = Pick<DryRunReport, 'verdict' | 'reasons' | 'migration' | 'replay'>

async function tryNext(trial: Trial, eras: { readonly former: Era; readonly next: Era }): Promise<Tried> {
  const { former, next } = eras
  const from = await runFormer(trial, former)
  const describe = ({ registry }: Era): ReturnType<typeof describeContract>[] =>
    registry.contracts.map(describeContract)
  const faults = successionFaults(describe(former), describe(next))
  if (faults.length > 0) return { verdict: 'calledOff', reasons: faults, migration: null, replay: null }
  const since = trial.state.header.height + 1n
  const entry = encodeCurrentCollection({ hash: next.hash, since, former: former.hash })
  const begun = {
    diff: new Map([[currentCollectionPath, entry]]),
    upgrade: { kind: 'activate', from: former.hash },
  } as const
  const migration = await migrate(trial, next, begun)
  if (!migration.ok) return { verdict: 'calledOff', reasons: [migration.reason ?? ''], migration, replay: null }
  try {
    const to = await runBlocks(trial, next, begun)
    return { verdict: 'runs', reasons: [], migration, replay: replayOf(trial, from, to) }
  } catch (error) {
    if (!(error instanceof AelfError) || error instanceof DryRunError) throw error
    return { verdict: 'breaks', reasons: [`${error.code}: ${reasonOf(error)}`], migration, replay: null }
  }
}

/**
 * Runs a successor on the state of a running chain, and its last blocks once more with both collections. Nothing of the chain changes. Rejects
 * with `collection.*` for a bundle that no node would take, with `dryrun.*` where nothing can be tried.
 */
export async function dryRun(live: LiveChain, bundle: Bytes, options: DryRunOptions = {}): Promise<DryRunReport> {
  const loaded: LoadedBundle = loadBundle(bundle)
  const { trial, current } = await openTrial(live, options.blocks ?? DEFAULT_BLOCKS)
  if (loaded.hash === current) throw new DryRunError('dryrun.same', 'This is the collection that the chain runs')
  const former = openFormer(current, live, options.running)
  const next = createEra(loaded.hash, loaded.collection, declaredBy(loaded.collection, live.params))
  const { height, hash, stateRoot } = trial.state.header
  const { name, version } = loaded.bundle
  return {
    network: live.network,
    genesisHash: live.genesisHash,
    fork: { height: height.toString(), hash, stateRoot },
    running: { hash: current },
    next: { hash: loaded.hash, name, version, bytes: bundle.length },
    ...(await tryNext(trial, { former, next })),
    parameters: compareParameters(former, next, height + 1n),
    descriptors: compareDescriptors(former, next),
    fees: compareFees(former, next, height + 1n),
  }
}
