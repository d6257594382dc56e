import type { Address, Amount } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, toBaseError } from './errors.ts'

/** What one term brought a delegate and its voters. */
export interface DelegateIncome {
  readonly number: number
  readonly term: number
  readonly blocks: number
  readonly income: Amount
  readonly commission: Amount
  /** Weight of the votes that shared the rest. */
  readonly weight: bigint
  /** What a unit of weight received, times 10^18. */
  readonly perWeight: bigint
}

export interface GetDelegateIncomeParameters {
  readonly delegate: Address
  /** Only terms before this number of the list; the newest when absent. */
  readonly before?: number
  /** At most 104. */
  readonly limit?: number
}

/** Terms that have ended, newest first, read from the chain at the head. */
export async function getDelegateIncome(
  client: AelfClient,
  { delegate, before = 0, limit = 52 }: GetDelegateIncomeParameters,
): Promise<readonly DelegateIncome[]> {
  try {
    const answer = await client.request('aelf_call', ['reward', 'delegateIncomes', { delegate, before, limit }])
    if (!Array.isArray(answer))
      throw new BaseError('The node answered no incomes.', {
        code: 'rpc.unexpectedAnswer',
        help: 'Ask another node, or one of this version.',
      })
    return answer.map((row) => incomeFrom(row as Readonly<Record<string, string | number>>))
  } catch (error) {
    throw toBaseError(error)
  }
}

const incomeFrom = (row: Readonly<Record<string, string | number>>): DelegateIncome => ({
  number: Number(row['number']),
  term: Number(row['term']),
  blocks: Number(row['blocks']),
  income: BigInt(row['income'] ?? 0),
  commission: BigInt(row['commission'] ?? 0),
  weight: BigInt(row['weight'] ?? 0),
  perWeight: BigInt(row['perWeight'] ?? 0),
})
