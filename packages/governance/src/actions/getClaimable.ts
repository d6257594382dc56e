import type { Address, Amount, Hash } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, toBaseError } from './errors.ts'
import { getPositions } from './getPositions.ts'

export interface ClaimableVote {
  readonly lockId: Hash
  readonly delegate: Address
  readonly amount: Amount
}

export interface GetClaimableReturnType {
  /** Open votes with something to claim. */
  readonly votes: readonly ClaimableVote[]
  /** What the account earned as a delegate. */
  readonly commission: Amount
  readonly total: Amount
}

/** What an account can claim now, read from the chain at the head. */
export async function getClaimable(
  client: AelfClient,
  { owner }: { readonly owner: Address },
): Promise<GetClaimableReturnType> {
  try {
    const positions = await getPositions(client, { owner })
    const lockIds = `0x${positions.map(({ lockId }) => lockId.slice(2)).join('')}`
    const [shares, earned] = await Promise.all([
      client.request('aelf_call', ['reward', 'claimables', { lockIds }]),
      client.request('aelf_call', ['reward', 'claimableCommission', { delegate: owner }]),
    ])
    if (!Array.isArray(shares) || (typeof earned !== 'string' && typeof earned !== 'number')) throw unexpected()
    const votes = shares.map(voteFrom).filter(({ amount }) => amount > 0n)
    const commission = BigInt(earned)
    return { votes, commission, total: votes.reduce((sum, { amount }) => sum + amount, commission) }
  } catch (error) {
    throw toBaseError(error)
  }
}

const unexpected = (): BaseError =>
  new BaseError('The node answered no rewards.', {
    code: 'rpc.unexpectedAnswer',
    help: 'Ask another node, or one of this version.',
  })

function voteFrom(row: unknown): ClaimableVote {
  if (typeof row !== 'object' || row === null || !('lockId' in row) || !('delegate' in row) || !('amount' in row))
    throw unexpected()
  return { lockId: row.lockId as Hash, delegate: row.delegate as Address, amount: BigInt(String(row.amount)) }
}
