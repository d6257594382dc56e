import type { Invariant, StateScan } from '#contracts/runtime'
import { CHOICE, MAX_ELECTORATE, STATUS } from './params.ts'
import {
  choices,
  electorates,
  openProposals,
  proposals,
  quorumOf,
  reviewers,
  reviews,
  unpackAddresses,
} from './state.ts'

/** What is counted is what was chosen, each by somebody of the electorate. */
const tallied = (scan: StateScan): string | undefined => {
  const lists = new Map(scan.entries(electorates).map(({ key, value }) => [key.proposalId, value.addresses]))
  const made = scan.entries(choices)
  for (const { key, value } of scan.entries(proposals)) {
    const electorate = unpackAddresses(lists.get(key.proposalId))
    const own = made.filter((entry) => entry.key.proposalId === key.proposalId)
    const of = (choice: number): number => own.filter((entry) => entry.value.choice === choice).length
    if (of(CHOICE.adopt) !== value.adopted || of(CHOICE.decline) !== value.declined)
      return `${key.proposalId} counts ${value.adopted} and ${value.declined} of ${own.length} choices`
    if (own.some((entry) => !electorate.includes(entry.key.producer))) return `${key.proposalId}: a choice from outside`
    if (electorate.length !== value.electorate || electorate.length > MAX_ELECTORATE || electorate.length === 0)
      return `${key.proposalId}: an electorate of ${electorate.length}`
  }
  return undefined
}

/** The status follows from the counts. */
const decided = (scan: StateScan): string | undefined => {
  const wrong = scan.entries(proposals).find(({ value }) => {
    const { status, adopted, declined, electorate, quorum, closedAt } = value
    const passed = adopted >= quorum
    const failed = electorate - declined < quorum
    if (quorum !== quorumOf(electorate) || (passed && failed) || (status === STATUS.open) !== (closedAt === 0n))
      return true
    return passed !== (status === STATUS.approved) || failed !== (status === STATUS.rejected)
  })
  return wrong === undefined ? undefined : `${wrong.key.proposalId} has status ${wrong.value.status}`
}

/** An author's list names exactly its open proposals. */
const listed = (scan: StateScan): string | undefined => {
  const open = scan.entries(proposals).filter(({ value }) => value.status === STATUS.open)
  const lists = scan.entries(openProposals)
  const named = lists.reduce((sum, { value }) => sum + (value.proposalIds.length - 2) / 64, 0)
  const missing = open.find(
    ({ key, value }) =>
      !lists.some(
        (list) => list.key.author === value.author && list.value.proposalIds.includes(key.proposalId.slice(2)),
      ),
  )
  if (missing !== undefined) return `${missing.key.proposalId} is not listed`
  return named === open.length ? undefined : `${named} listed, ${open.length} open`
}

/** Who reviewed is listed, once. */
const reviewed = (scan: StateScan): string | undefined => {
  const found = scan.entries(reviews).length
  const lists = scan.entries(reviewers).map(({ value }) => unpackAddresses(value.addresses))
  const named = lists.reduce((sum, list) => sum + new Set(list).size, 0)
  return named === found ? undefined : `${found} reviews, ${named} reviewers listed`
}

export const invariants: readonly Invariant[] = [
  { number: 1, name: 'tallied', check: tallied },
  { number: 2, name: 'decided', check: decided },
  { number: 3, name: 'listed', check: listed },
  { number: 4, name: 'reviewed', check: reviewed },
]
