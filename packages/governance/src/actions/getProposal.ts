import type { Address, Amount, Hash } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, toBaseError } from './errors.ts'

/** A proposal as the chain has it; status 1 open, 2 approved, 3 rejected, 4 withdrawn, 5 expired. */
export interface ChainProposal {
  readonly proposalId: Hash
  readonly author: Address
  readonly title: string
  readonly textHash: Hash
  readonly archiveHash: Hash
  readonly archiveBytes: number
  readonly bundleHash: Hash
  readonly status: number
  readonly endsAtMs: number
  readonly electorate: number
  readonly quorum: number
  readonly adopted: number
  readonly declined: number
  readonly deposit: Amount
}

export interface GetProposalParameters {
  readonly proposalId: Hash
}

/** A proposal read from the chain at the head: what somebody is about to sign on. Undefined when there is none. */
export async function getProposal(
  client: AelfClient,
  { proposalId }: GetProposalParameters,
): Promise<ChainProposal | undefined> {
  try {
    const found: unknown = await client.request('aelf_call', ['proposal', 'proposal', { proposalId }])
    return found === null ? undefined : proposalFrom(found)
  } catch (error) {
    throw toBaseError(error)
  }
}

const HASH = /^0x[0-9a-f]{64}$/
const ADDRESS = /^0x[0-9a-f]{40}$/

function proposalFrom(found: unknown): ChainProposal {
  const row = typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {}
  const text = (name: string, form: RegExp): string => {
    const value = row[name]
    if (typeof value === 'string' && form.test(value)) return value
    throw unexpected()
  }
  const integer = (name: string): bigint => {
    const value = row[name]
    if (typeof value === 'number' || (typeof value === 'string' && /^\d{1,78}$/.test(value))) return BigInt(value)
    throw unexpected()
  }
  return {
    proposalId: text('proposalId', HASH) as Hash,
    author: text('author', ADDRESS) as Address,
    title: text('title', /[\s\S]/),
    textHash: text('textHash', HASH) as Hash,
    archiveHash: text('archiveHash', HASH) as Hash,
    archiveBytes: Number(integer('archiveBytes')),
    bundleHash: text('bundleHash', HASH) as Hash,
    status: Number(integer('status')),
    endsAtMs: Number(integer('endsAt')),
    electorate: Number(integer('electorate')),
    quorum: Number(integer('quorum')),
    adopted: Number(integer('adopted')),
    declined: Number(integer('declined')),
    deposit: integer('deposit'),
  }
}

const unexpected = (): BaseError =>
  new BaseError('The node answered no proposal.', {
    code: 'rpc.unexpectedAnswer',
    help: 'Ask another node, or one of this version.',
  })
