import type { ProposalEventKind } from './proposalViews.ts'
import type { CollectionEventKind, CollectionEventView } from './upgradeViews.ts'
import type { Hash } from './values.ts'

export type UpgradeNewsKind =
  | Exclude<CollectionEventKind, 'began'>
  | Extract<ProposalEventKind, 'submitted' | 'approved' | 'rejected' | 'withdrawn' | 'expired'>

/** One step on the way from a proposal to contracts in force. The same step always has the same key. */
export interface UpgradeNews {
  readonly key: string
  readonly kind: UpgradeNewsKind
  readonly title: string
  readonly detail: string
  /** Page of the portal about it. */
  readonly path: string
  readonly timeMs: number
  readonly height: bigint
}

/** `0x1234567890…abcdef`. */
const short = (hash: Hash): string => `${hash.slice(0, 12)}…${hash.slice(-6)}`

const blocks = (count: number): string => (count === 1 ? '1 block' : `${count} blocks`)

function wordsOf(step: CollectionEventView, name: string): { title: string; detail: string } | undefined {
  const { kind, confirmed, signals, rule, since, other } = step
  const support = `${signals} of the last ${rule.window} blocks signal it; ${rule.lockIn} are needed.`
  switch (kind) {
    case 'began':
      return undefined
    case 'lockedIn':
      return {
        title: `${name} is over the line and locked in`,
        detail: `${support} It takes over after ${blocks(rule.confirm)} in a row that find this support. Nodes without the bundle stop then: install it.`,
      }
    case 'reset':
      return {
        title: `The count of ${name} is back at zero`,
        detail: `${support} ${blocks(confirmed)} of ${rule.confirm} had been confirmed. The lock-in stays.`,
      }
    case 'resumed':
      return {
        title: `${name} is over the line again`,
        detail: `${support} The count to ${rule.confirm} has begun anew.`,
      }
    case 'replaced':
      return {
        title: `${name} was replaced as the successor`,
        detail: `${other === undefined ? 'Another collection' : short(other)} reached the line and took its place.`,
      }
    case 'activated':
      return {
        title: `${name} takes over`,
        detail: `${blocks(confirmed)} in a row confirmed it. From block ${since ?? step.height + 1n} on the chain runs with it; nodes without the bundle have stopped.`,
      }
    case 'calledOff':
      return {
        title: `${name} was called off`,
        detail: `Its activation failed by rule in block ${step.height}. ${other === undefined ? 'The former collection' : short(other)} goes on.`,
      }
  }
}

/** `title` is that of the proposal that asks for the collection, where there is one. */
export function stepNews(step: CollectionEventView, title: string | undefined): UpgradeNews | undefined {
  const { kind, hash, height, timeMs } = step
  const words = wordsOf(step, title === undefined ? `Collection ${short(hash)}` : `“${title}”`)
  if (kind === 'began' || words === undefined) return undefined
  return { key: `upgrade-${kind}-${hash}-${height}`, kind, path: `/upgrades/${hash}`, timeMs, height, ...words }
}

const PAGES = { upgrade: '/upgrades', proposal: '/proposals' } as const

/** The page of the portal about a step, by the step's key; undefined for other keys. */
export function newsPath(key: string): string | undefined {
  const [, about, hash] = /^(upgrade|proposal)-[a-zA-Z]+-(0x[0-9a-f]{64})(?:-\d+)?$/.exec(key) ?? []
  return about === undefined ? undefined : `${PAGES[about as keyof typeof PAGES]}/${hash}`
}

export interface ProposalStep {
  readonly kind: Extract<ProposalEventKind, 'submitted' | 'approved' | 'rejected' | 'withdrawn' | 'expired'>
  readonly proposalId: Hash
  readonly title: string
  readonly adopted: number
  readonly declined: number
  readonly electorate: number
  readonly quorum: number
  readonly endsAtMs: number
  readonly timeMs: number
  readonly height: bigint
}

const PROPOSAL_WORDS: Readonly<Record<ProposalStep['kind'], (step: ProposalStep) => { word: string; detail: string }>> =
  {
    submitted: ({ electorate, quorum, endsAtMs }) => ({
      word: 'was proposed',
      detail: `${quorum} of ${electorate} producers must adopt it by ${new Date(endsAtMs).toISOString().replace('.000', '')}.`,
    }),
    approved: ({ adopted, electorate, quorum }) => ({
      word: 'is approved',
      detail: `${adopted} of ${electorate} producers adopted it; ${quorum} were needed.`,
    }),
    rejected: ({ declined, electorate }) => ({
      word: 'is rejected',
      detail: `${declined} of ${electorate} producers declined it: it can’t be approved any more.`,
    }),
    withdrawn: () => ({ word: 'was withdrawn', detail: 'Its author took it back.' }),
    expired: ({ adopted, quorum }) => ({
      word: 'has expired',
      detail: `${adopted} of the ${quorum} needed had adopted it when its time was over.`,
    }),
  }

export function proposalNews(step: ProposalStep): UpgradeNews {
  const { kind, proposalId, title, timeMs, height } = step
  const { word, detail } = PROPOSAL_WORDS[kind](step)
  return {
    key: `proposal-${kind}-${proposalId}`,
    kind,
    title: `“${title}” ${word}`,
    detail,
    path: `/proposals/${proposalId}`,
    timeMs,
    height,
  }
}
