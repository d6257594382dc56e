import { type Amount, DAY_MS, type Hash, quorumOf } from '#domain'
import type { SourceEvent } from '#indexer'
import { type Maker, move } from './fakeMaker.ts'
import { digest, type FakeProposal, type FakeState, PROPOSAL, pick, TOKEN, TREASURY, timeOf } from './fakeState.ts'

const DEPOSIT: Amount = 1_000n
const PERIOD_DAYS = 14
const NO_HASH: Hash = `0x${'00'.repeat(32)}`

const say = (name: string, fields: SourceEvent['fields']): SourceEvent => ({
  contract: 'proposal',
  contractAddress: PROPOSAL,
  name,
  fields,
})
const sayToken = (name: string, fields: SourceEvent['fields']): SourceEvent => ({
  contract: 'token',
  contractAddress: TOKEN,
  name,
  fields,
})

export const propose: Maker = ({ state, roll, producers, from, id, slot, salt }) => {
  const [textHash, archiveHash] = [digest('text', salt), digest('archive', salt)]
  const endsAt = timeOf(slot) + PERIOD_DAYS * DAY_MS
  state.proposals.set(id, { id, author: from, archiveHash, textHash, choices: new Map(), isOpen: true })
  move(state, from, 'ELF', { available: -DEPOSIT, locked: DEPOSIT })
  const amount = DEPOSIT.toString()
  const args = {
    title: `Feature ${salt}`,
    textHash,
    archiveHash,
    archiveBytes: String(1 + roll(1_000_000)),
    bundleHash: roll(2) === 0 ? NO_HASH : digest('bundle', salt),
  }
  const sizes = { electorate: producers.length, quorum: quorumOf(producers.length) }
  const locked = { lockId: id, owner: from, symbol: 'ELF', amount, endsAt: '0', holder: PROPOSAL }
  return {
    contract: 'proposal',
    method: 'submit',
    args,
    events: [
      sayToken('Locked', locked),
      say('Submitted', { proposalId: id, author: from, ...args, ...sizes, endsAt: endsAt.toString(), deposit: amount }),
    ],
  }
}

function openProposal(state: FakeState, roll: (sides: number) => number): FakeProposal | undefined {
  const open = [...state.proposals.values()].filter(({ isOpen }) => isOpen)
  // Mostly few, so that some are decided.
  const last = open.slice(-2)
  return last.length === 0 ? undefined : pick(last, roll(last.length))
}

const counted = (choices: FakeProposal['choices'], wanted: string): number =>
  [...choices.values()].filter((choice) => choice === wanted).length

/** What ends a proposal says and moves. */
function endEvents(state: FakeState, proposal: FakeProposal, how: { name: string; electorate: number }): SourceEvent[] {
  const { id, author, choices } = proposal
  const amount = DEPOSIT.toString()
  move(state, author, 'ELF', { available: DEPOSIT, locked: -DEPOSIT })
  const seized = how.name === 'Rejected'
  if (seized) {
    move(state, author, 'ELF', { available: -DEPOSIT })
    move(state, TREASURY, 'ELF', { available: DEPOSIT })
  }
  const counts = { adopted: counted(choices, 'adopt'), declined: counted(choices, 'decline') }
  return [
    sayToken('Unlocked', { lockId: id, owner: author, symbol: 'ELF', amount }),
    ...(seized ? [sayToken('Transfer', { from: author, to: TREASURY, symbol: 'ELF', amount })] : []),
    say(how.name, { proposalId: id, author, ...counts, electorate: how.electorate, deposit: amount }),
  ]
}

/** The sender is whoever pays; the choice is in the event. */
export const choose: Maker = ({ state, roll, producers }) => {
  const found = openProposal(state, roll)
  if (found === undefined) return undefined
  const producer = pick(producers, roll(producers.length))
  const choice = roll(7) === 0 ? 'decline' : 'adopt'
  if (found.choices.get(producer) === choice) return undefined
  const choices = new Map(found.choices).set(producer, choice)
  const [adopted, declined] = [counted(choices, 'adopt'), counted(choices, 'decline')]
  const quorum = quorumOf(producers.length)
  const name = adopted >= quorum ? 'Approved' : producers.length - declined < quorum ? 'Rejected' : undefined
  const next = { ...found, choices, isOpen: name === undefined }
  state.proposals.set(found.id, next)
  const { id: proposalId, textHash, archiveHash } = found
  return {
    contract: 'proposal',
    method: choice,
    args: { proposalId, textHash, archiveHash },
    events: [
      say(choice === 'adopt' ? 'Adopted' : 'Declined', { proposalId, producer, adopted, declined }),
      ...(name === undefined ? [] : endEvents(state, next, { name, electorate: producers.length })),
    ],
  }
}

export const reviewProposal: Maker = ({ state, roll, producers }) => {
  const found = openProposal(state, roll)
  if (found === undefined) return undefined
  const args = {
    proposalId: found.id,
    archiveHash: found.archiveHash,
    verdict: 1 + roll(3),
    reviewHash: roll(2) === 0 ? NO_HASH : digest('review', roll(1000)),
    checklist: roll(256),
  }
  const reviewer = pick(producers, roll(producers.length))
  return { contract: 'proposal', method: 'review', args, events: [say('Reviewed', { ...args, reviewer })] }
}

export const withdrawProposal: Maker = ({ state, roll, producers }) => {
  const found = openProposal(state, roll)
  if (found === undefined || roll(4) !== 0) return undefined
  state.proposals.set(found.id, { ...found, isOpen: false })
  const how = { name: roll(2) === 0 ? 'Withdrawn' : 'Expired', electorate: producers.length }
  return {
    contract: 'proposal',
    method: how.name === 'Withdrawn' ? 'withdraw' : 'expire',
    args: { proposalId: found.id },
    events: endEvents(state, found, how),
  }
}
