import type { BlockView, DelegateView, PositionView, ProposalView, TransactionView } from '@aelf/governance/domain'

/** A fact of a page that can be proven: where it lives on the chain, and what the server says about it. Plain JSON. */
export interface ProofRequest {
  /** Names the fact in the words of the page. */
  readonly label: string
  readonly subject:
    | { readonly kind: 'state'; readonly contract: string; readonly item: string; readonly key: readonly string[] }
    | { readonly kind: 'transaction'; readonly id: string }
    | { readonly kind: 'header'; readonly height: string }
  /** What the server says, by name of the proven fact. */
  readonly said: Readonly<Record<string, string>>
  /** Block after which the server read it. */
  readonly height: string
}

interface Dated {
  readonly asOf: { readonly height?: bigint }
}

/** A page without a height was read from an empty index; block 0 is all it can mean. */
const heightOf = ({ height = 0n }: Dated['asOf']): string => height.toString()

/** Spendable ELF of an account. */
export function balanceRequest(address: string, units: bigint, { asOf }: Dated): ProofRequest {
  return {
    label: 'Available balance',
    subject: { kind: 'state', contract: 'token', item: 'balances', key: [address, 'ELF'] },
    said: { amount: units.toString() },
    height: heightOf(asOf),
  }
}

/** A lock and its vote. */
export function positionRequest(
  position: Pick<PositionView, 'lockId' | 'owner' | 'delegate' | 'amount' | 'weight' | 'lockDays'> & Dated,
): ProofRequest {
  const { lockId, owner, delegate, amount, weight, lockDays } = position
  return {
    label: 'Locked position',
    subject: { kind: 'state', contract: 'election', item: 'positions', key: [lockId] },
    said: { owner, delegate, amount: `${amount}`, lockDays: `${lockDays}`, weight: `${weight}` },
    height: heightOf(position.asOf),
  }
}

/** Votes of a delegate. */
export function votesRequest({
  address,
  weight,
  asOf,
}: Pick<DelegateView, 'address' | 'weight' | 'asOf'>): ProofRequest {
  return {
    label: 'Votes of this delegate',
    subject: { kind: 'state', contract: 'election', item: 'votes', key: [address] },
    said: { amount: weight.toString() },
    height: heightOf(asOf),
  }
}

/** A delegate's registration. */
export function candidateRequest(
  delegate: Pick<DelegateView, 'address' | 'name' | 'url' | 'commissionBps' | 'asOf'>,
): ProofRequest {
  const { address, name, url, commissionBps, asOf } = delegate
  return {
    label: 'Registration of this delegate',
    subject: { kind: 'state', contract: 'election', item: 'candidates', key: [address] },
    said: { name, url, commissionBps: `${commissionBps}` },
    height: heightOf(asOf),
  }
}

/** That a transaction is in its block, and with what result; undefined while it is in none. */
export function transactionRequest(view: TransactionView): ProofRequest | undefined {
  const { id, status, fee, height, from, intent } = view
  if (height === undefined || (status !== 'success' && status !== 'failed')) return undefined
  return {
    label: 'Transaction and receipt',
    subject: { kind: 'transaction', id },
    said: { id, status, fee: `${fee}`, height: `${height}`, from, ...(intent === '' ? {} : { intent }) },
    height: height.toString(),
  }
}

/** A block's header. */
export function headerRequest(block: BlockView): ProofRequest {
  const { hash, height, parentHash, slot, producer, stateRoot, transactionRoot, receiptRoot } = block
  return {
    label: 'Block header',
    subject: { kind: 'header', height: height.toString() },
    said: { hash, parentHash, slot: `${slot}`, producer, stateRoot, transactionRoot, receiptRoot },
    height: height.toString(),
  }
}

/** Which contracts the chain runs. */
export const currentCollectionRequest = (hash: string, { asOf }: Dated): ProofRequest => ({
  label: 'Collection in force',
  subject: { kind: 'state', contract: 'collection', item: 'current', key: [] },
  said: { hash },
  height: heightOf(asOf),
})

/** Which successor is locked in; its count moves with every block and is compared by nobody. */
export const successorRequest = (candidate: { hash: string; lockedAt: bigint }, { asOf }: Dated): ProofRequest => ({
  label: 'Successor that is locked in',
  subject: { kind: 'state', contract: 'collection', item: 'candidate', key: [] },
  said: { hash: candidate.hash, lockedAt: `${candidate.lockedAt}` },
  height: heightOf(asOf),
})

/** What a proposal says and how many adopted and declined it. */
export function proposalRequest(proposal: ProposalView): ProofRequest {
  const { id, author, title, textHash, archiveHash, archiveBytes, bundleHash, asOf } = proposal
  const { electorate, quorum, adopted, declined } = proposal
  return {
    label: 'Proposal and its count',
    subject: { kind: 'state', contract: 'proposal', item: 'proposals', key: [id] },
    said: {
      author,
      title,
      textHash,
      archiveHash,
      archiveBytes: `${archiveBytes}`,
      bundleHash: bundleHash ?? `0x${'00'.repeat(32)}`,
      electorate: `${electorate}`,
      quorum: `${quorum}`,
      adopted: `${adopted}`,
      declined: `${declined}`,
    },
    height: heightOf(asOf),
  }
}
