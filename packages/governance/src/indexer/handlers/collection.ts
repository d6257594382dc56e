import type { CollectionEventRow, CollectionRuleRow } from '#db'
import type { CollectionEventKind, Hash } from '#domain'
import { IndexerError } from '../errors.ts'
import type { ChainSource, SourceCollection } from '../sources/source.ts'
import type { BlockScope } from './scope.ts'

const KEY = { id: 'now' } as const

type Rule = Omit<CollectionRuleRow, 'height' | 'blockHash'>
type Step = Partial<Pick<CollectionEventRow, 'other' | 'since' | 'confirmed' | 'signals'>>

const numbersOf = ({
  window,
  lockIn,
  confirm,
}: SourceCollection): Pick<Rule, 'windowBlocks' | 'lockInBlocks' | 'confirmBlocks'> => ({
  windowBlocks: window,
  lockInBlocks: lockIn,
  confirmBlocks: confirm,
})

async function ruleOf({ workspace, block }: BlockScope): Promise<Rule> {
  const found = await workspace.get('collection_rule', KEY)
  if (found === undefined)
    throw new IndexerError('index.badAnswer', `No collection is known before block ${block.height}`)
  return found
}

function writeStep(
  { block, workspace }: BlockScope,
  rule: Rule,
  { kind, position, hash, step = {} }: { kind: CollectionEventKind; position: number; hash: Hash; step?: Step },
): void {
  const { windowBlocks, lockInBlocks, confirmBlocks } = rule
  workspace.add('collection_events', {
    height: block.height,
    blockHash: block.hash,
    position,
    timeMs: block.timeMs,
    kind,
    hash,
    other: step.other ?? null,
    since: step.since ?? null,
    confirmed: step.confirmed ?? 0,
    signals: step.signals ?? 0,
    windowBlocks,
    lockInBlocks,
    confirmBlocks,
  })
}

/** What is in force and by which numbers is read where it can change: at genesis and in the first block after an activation. */
export async function beginCollection(scope: BlockScope, source: ChainSource): Promise<void> {
  const { block, workspace } = scope
  if (block.height === 0n) {
    const found = await answerAt(source, scope)
    if (found === undefined)
      throw new IndexerError('index.badAnswer', 'The node does not say which collection genesis names')
    await workspace.get('collection_rule', KEY)
    const { hash } = found.current
    const none = { former: null, candidate: null, lockedAt: null, confirmed: 0, resetAt: null, upgrades: 0 }
    const rule: Rule = { ...KEY, hash, since: 0n, ...none, ...numbersOf(found) }
    workspace.put('collection_rule', rule)
    writeStep(scope, rule, { kind: 'began', position: 0, hash, step: { since: 0n } })
    return
  }
  const before = await ruleOf(scope)
  if (before.since === block.height) await startEra(scope, before, source)
}

/** The answer after this very block; undefined when the node no longer has its state. */
async function answerAt(source: ChainSource, { block }: BlockScope): Promise<SourceCollection | undefined> {
  const found = await source.collection(block.height)
  if (found !== undefined && found.hash !== block.hash)
    throw new IndexerError('index.sourceMoved', `Block ${block.height} of the node is of another branch`)
  return found
}

/**
 * The first block of a collection: an activation that fails is called off in it, which no header tells. A node that no longer
 * has that state says what holds now, which settles the newest activation; older ones count as done, with the numbers known.
 */
async function startEra(scope: BlockScope, before: Rule, source: ChainSource): Promise<void> {
  const { block, workspace } = scope
  const found = (await answerAt(source, scope)) ?? (await source.collection('head'))
  const { current } = found ?? {}
  if (current !== undefined && current.former === before.hash && current.since === block.height) {
    const rule: Rule = { ...before, hash: current.hash, former: before.hash }
    workspace.put('collection_rule', rule)
    writeStep(scope, rule, { kind: 'calledOff', position: 0, hash: before.hash, step: { other: current.hash } })
    return
  }
  if (found !== undefined && current?.hash === before.hash)
    workspace.put('collection_rule', { ...before, ...numbersOf(found) })
}

async function addCount({ workspace }: BlockScope, hash: Hash, change: number): Promise<number> {
  const blocks = ((await workspace.get('collection_counts', { hash }))?.blocks ?? 0) + change
  if (blocks === 0) workspace.remove('collection_counts', { hash })
  else workspace.put('collection_counts', { hash, blocks })
  return blocks
}

/** Puts the block's signal in the place of the one that leaves the window. */
async function push(scope: BlockScope, rule: Rule, signal: Hash | null): Promise<void> {
  const { workspace, block } = scope
  const key = { place: String(block.height % BigInt(rule.windowBlocks)) }
  const leaving = await workspace.get('collection_signals', key)
  if (leaving !== undefined) await addCount(scope, leaving.hash, -1)
  if (signal !== null) {
    workspace.put('collection_signals', { ...key, hash: signal })
    await addCount(scope, signal, 1)
  } else if (leaving !== undefined) workspace.remove('collection_signals', key)
}

async function clear({ workspace }: BlockScope, rule: Rule): Promise<void> {
  const keys = Array.from({ length: rule.windowBlocks }, (_, place) => ({ place: String(place) }))
  await workspace.preload('collection_signals', keys)
  for (const key of keys) {
    const found = await workspace.get('collection_signals', key)
    if (found === undefined) continue
    await workspace.get('collection_counts', { hash: found.hash })
    workspace.remove('collection_counts', { hash: found.hash })
    workspace.remove('collection_signals', key)
  }
}

/** The rule of the contract (COLL-RULE-1 of the specification) over headers: its own events are in no receipt. */
export async function countSignal(scope: BlockScope): Promise<void> {
  const { block } = scope
  const rule = await ruleOf(scope)
  // To signal what is in force already is to signal nothing.
  const signal = block.signal === rule.hash ? null : block.signal
  await push(scope, rule, signal)
  const support = async (hash: Hash): Promise<number> =>
    (await scope.workspace.get('collection_counts', { hash }))?.blocks ?? 0
  const isNew = signal !== null && signal !== rule.candidate
  const reached = isNew ? await support(signal) : 0
  if (isNew && reached >= rule.lockInBlocks) lockIn(scope, rule, { hash: signal, signals: reached })
  else if (rule.candidate !== null)
    await confirm(scope, rule, { hash: rule.candidate, signals: await support(rule.candidate) })
}

interface Support {
  readonly hash: Hash
  readonly signals: number
}

function lockIn(scope: BlockScope, rule: Rule, { hash, signals }: Support): void {
  const { candidate, confirmed } = rule
  const next: Rule = { ...rule, candidate: hash, lockedAt: scope.block.height, confirmed: 0, resetAt: null }
  scope.workspace.put('collection_rule', next)
  const step = { confirmed: 0, signals, other: candidate }
  if (candidate !== null)
    writeStep(scope, next, { kind: 'replaced', position: 1, hash: candidate, step: { other: hash, confirmed } })
  writeStep(scope, next, { kind: 'lockedIn', position: 2, hash, step })
}

async function confirm(scope: BlockScope, rule: Rule, { hash, signals }: Support): Promise<void> {
  const { workspace, block } = scope
  if (signals < rule.lockInBlocks) {
    workspace.put('collection_rule', { ...rule, confirmed: 0, resetAt: block.height })
    // Said once: while support stays away nothing new happens.
    if (rule.confirmed > 0 || rule.lockedAt === block.height - 1n)
      writeStep(scope, rule, { kind: 'reset', position: 1, hash, step: { confirmed: rule.confirmed, signals } })
    return
  }
  const confirmed = rule.confirmed + 1
  if (confirmed === 1 && rule.resetAt !== null)
    writeStep(scope, rule, { kind: 'resumed', position: 1, hash, step: { confirmed, signals } })
  if (confirmed < rule.confirmBlocks) {
    workspace.put('collection_rule', { ...rule, confirmed })
    return
  }
  const since = block.height + 1n
  await clear(scope, rule)
  const none = { candidate: null, lockedAt: null, confirmed: 0, resetAt: null }
  workspace.put('collection_rule', { ...rule, ...none, hash, since, former: rule.hash, upgrades: rule.upgrades + 1 })
  writeStep(scope, rule, {
    kind: 'activated',
    position: 2,
    hash,
    step: { other: rule.hash, since, confirmed, signals },
  })
}
