import type { Json } from '@aelf/chain/rpc'
import type { Address, Amount, Hash } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, toBaseError } from './errors.ts'

/** One lock with its vote, as the chain holds it. Times are milliseconds since the epoch, on the chain's clock. */
export interface Position {
  readonly lockId: Hash
  readonly delegate: Address
  readonly amount: Amount
  readonly lockDays: number
  readonly weight: bigint
  readonly endsAtMs: number
}

export type GetPositionsReturnType = readonly Position[]

/** An account's open locks, read from the chain at the head (at most 256 an account). */
export async function getPositions(
  client: AelfClient,
  { owner }: { readonly owner: Address },
): Promise<GetPositionsReturnType> {
  try {
    const answer = await client.request('aelf_call', ['election', 'positionsOf', { account: owner }])
    return listOf(answer).map(positionFrom)
  } catch (error) {
    throw toBaseError(error)
  }
}

type Row = { readonly [key: string]: Json }

function listOf(answer: Json): readonly Row[] {
  const list = Array.isArray(answer)
    ? answer
    : typeof answer === 'object' && answer !== null && 'positions' in answer
      ? answer['positions']
      : undefined
  if (!Array.isArray(list)) {
    throw new BaseError('The node answered no list of positions.', {
      code: 'rpc.unexpectedAnswer',
      help: 'Ask another node, or one of this version.',
    })
  }
  return list as readonly Row[]
}

function positionFrom(row: Row): Position {
  return {
    lockId: row['lockId'] as Hash,
    delegate: row['delegate'] as Address,
    amount: BigInt(row['amount'] as string),
    lockDays: Number(row['lockDays']),
    weight: BigInt(row['weight'] as string),
    endsAtMs: Number(row['endsAt']),
  }
}
