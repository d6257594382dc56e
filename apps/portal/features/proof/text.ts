import type { ListTrust, ProofReport, ProofStepId, ProofSubject } from '@aelf/governance/actions'
import { formatAmount, formatBasisPoints, formatInteger } from '#ui/number/format.ts'
import type { ProofOutcome } from './protocol.ts'

const NAMES: Readonly<Record<string, string>> = {
  amount: 'Amount',
  weight: 'Votes',
  owner: 'Owner',
  delegate: 'Votes for',
  lockDays: 'Lock time',
  startedAt: 'Locked at',
  endsAt: 'Opens at',
  name: 'Name',
  url: 'Website',
  commitment: 'Hash chain anchor',
  commissionBps: 'Commission',
  sequence: 'Registration number',
  deposit: 'Deposit',
  quitTerm: 'Quit in term',
  id: 'Transaction id',
  status: 'Result',
  fee: 'Fee',
  height: 'Block',
  block: 'Block hash',
  index: 'Place in block',
  from: 'Signed by',
  call: 'Call',
  intent: 'Signed sentence',
  events: 'Events',
  error: 'Refusal',
  hash: 'Hash',
  parentHash: 'Parent',
  slot: 'Grid slot',
  producer: 'Producer',
  stateRoot: 'State root',
  transactionRoot: 'Transaction root',
  receiptRoot: 'Receipt root',
  exists: 'Exists',
}

/** Of what a proof is; the subject of a request, or of a file. */
export type Subject = Pick<ProofSubject, 'kind'> & {
  readonly contract?: string
  readonly item?: string
  readonly key?: readonly string[]
}

/** Where a value lives: contract, entry and key; undefined where the proven facts name it themselves. */
export function placeOf({ contract, item, key = [] }: Subject): string | undefined {
  return contract === undefined || item === undefined ? undefined : [`${contract}.${item}`, ...key].join(' · ')
}

/** Where a name of a proposal means something else. */
const PROPOSAL_NAMES: Readonly<Record<string, string>> = {
  author: 'Author',
  title: 'Title',
  textHash: 'Text',
  archiveHash: 'Archive',
  archiveBytes: 'Bytes of the archive',
  bundleHash: 'Bundle',
  status: 'Status (1 open, 2 approved, 3 rejected, 4 withdrawn, 5 expired)',
  submittedAt: 'Submitted at',
  endsAt: 'Ends at',
  closedAt: 'Closed at',
  electorate: 'May choose',
  quorum: 'Needed to approve',
  adopted: 'Adopted',
  declined: 'Declined',
  number: 'Number',
}

/** Where a name of a collection means something else. */
const COLLECTION_NAMES: Readonly<Record<string, string>> = {
  hash: 'Collection',
  since: 'First block',
  former: 'Collection before it',
  lockedAt: 'Locked in by block',
  confirmed: 'Blocks confirmed in a row',
  resetAt: 'Last block with too little support',
}

const ownNames = ({ contract, item }: Subject): Readonly<Record<string, string>> =>
  contract === 'collection' ? COLLECTION_NAMES : item === 'proposals' ? PROPOSAL_NAMES : {}

const isVotes = ({ item }: Subject, name: string): boolean => item === 'votes' && name === 'amount'

export const nameOfFact = (name: string, subject: Subject): string =>
  isVotes(subject, name) ? 'Votes' : (ownNames(subject)[name] ?? NAMES[name] ?? name)

/** A proven value in the form pages use; `undefined` is what a proof says nothing about. */
export function textOfFact(name: string, value: string | undefined, subject: Subject): string {
  if (value === undefined) return 'nothing'
  if (!/^\d{1,78}$/.test(value)) return value === '' ? 'empty' : value
  const number = BigInt(value)
  if (isVotes(subject, name)) return formatAmount(number)
  if (name === 'amount' || name === 'fee' || name === 'deposit') return `${formatAmount(number)} ELF`
  if (name === 'weight') return formatAmount(number)
  if (name === 'commissionBps') return formatBasisPoints(Number(number))
  if (name === 'lockDays') return `${formatInteger(number)} days`
  if (name === 'closedAt' && number === 0n) return 'not yet'
  if (['startedAt', 'endsAt', 'submittedAt', 'closedAt'].includes(name))
    return new Date(Number(number)).toISOString().replace('.000', '')
  return formatInteger(number)
}

const blockText = (report: ProofReport): string =>
  report.height === undefined ? 'the block' : `block ${formatInteger(report.height)}`

/** Headline of an outcome: what it means, in one sentence. */
export function headlineOf({ report, moved }: ProofOutcome): string {
  if (report.verdict === 'verified') return `Verified here, at ${blockText(report)}.`
  if (report.verdict === 'waiting') return 'Proven so far. Waiting for more producers to build on this block.'
  if (report.verdict === 'refused') return 'What the node answered does not hold.'
  return moved
    ? 'The figure has changed since this page was read.'
    : 'The page and the chain disagree. Trust the chain.'
}

/** One step of the check in words. */
export function stepText(id: ProofStepId, report: ProofReport, { kind }: Subject): string {
  if (id === 'network') return networkText(report)
  if (id === 'value') return valueText(report, kind)
  if (id === 'signature') {
    if (report.height === 0n) return 'It is the first block: its hash is the name of the network'
    return `The header of ${blockText(report)} is signed by`
  }
  if (id === 'list')
    return report.trust === undefined ? 'The producers of its term are known' : listText(report.trust, report)
  if (report.height === 0n) return 'Every later block is built on it'
  return report.needed === 0
    ? 'Enough producers have built on it'
    : `${report.signers} of ${report.producers} producers signed it or built on it; ${report.needed} are needed`
}

function networkText({ trust }: ProofReport): string {
  return trust === 'first'
    ? 'The header names the network this node speaks for'
    : 'The header names the network pinned here'
}

function valueText(report: ProofReport, kind: Subject['kind']): string {
  if (kind === 'header') return 'The hash is computed from the header’s own bytes'
  if (kind === 'transaction' && report.hashes === 0)
    return 'Transaction and receipt are the only ones under the header’s roots'
  const hashes = report.hashes === 1 ? '1 hash' : `${report.hashes} hashes`
  return kind === 'transaction'
    ? `Transaction and receipt lead to the header’s roots by ${hashes} each`
    : `The value leads to the state root in the header by ${hashes}`
}

function listText(trust: ListTrust, { term, producers }: ProofReport): string {
  const list = `The ${producers} producers of term ${term ?? '?'}`
  if (trust === 'pinned') return `${list} are the ones pinned in this browser`
  if (trust === 'followed')
    return `${list} were committed to by the producers before them, back to the ones pinned here`
  if (trust === 'first') return `${list} come from this node and are pinned now, on first use`
  return `${list} come from this node: this browser first saw the network in a later term`
}
