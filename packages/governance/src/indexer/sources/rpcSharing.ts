import type { RpcClient } from '@aelf/chain/rpc'
import type { Address } from '#domain'
import { IndexerError } from '../errors.ts'
import type { SourceBlock, SourceSharing } from './source.ts'

/** What the node answers at once, and how many such answers back a term is looked for. */
const PAGE = 104
const PAGES_MAX = 100

type Row = Readonly<Record<string, unknown>>

const numberIn = (row: Row, name: string): number => Number(row[name])
const amountIn = (row: Row, name: string): bigint => BigInt(String(row[name]))

/** The newest row that `wanted` accepts, of a list that is read from the newest down. */
async function findRow(
  client: RpcClient,
  list: { readonly view: string; readonly args: Readonly<Record<string, string>>; readonly number: string },
  wanted: (row: Row) => 'this' | 'older' | 'none',
): Promise<Row | undefined> {
  let before = 0
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await client.request('aelf_call', ['reward', list.view, { ...list.args, before, limit: PAGE }])
    if (!Array.isArray(answer))
      throw new IndexerError('index.badAnswer', `The node answered no ${list.view}`, { answer })
    for (const row of answer as readonly Row[]) {
      const verdict = wanted(row)
      if (verdict === 'this') return row
      if (verdict === 'none') return undefined
    }
    const last = (answer as readonly Row[]).at(-1)
    if (last === undefined || answer.length < PAGE) return undefined
    before = numberIn(last, list.number)
  }
  return undefined
}

/** Who may have made blocks of a term that ended in a block: two lists of producers, as a new one starts with a round. */
async function producersBefore(client: RpcClient, term: number): Promise<readonly Address[]> {
  const lists = await Promise.all(
    [term, term - 1].filter((number) => number > 0).map((number) => client.request('aelf_getTerm', [number])),
  )
  return [...new Set(lists.flatMap(({ producers }) => producers))]
}

/** Ended terms stay in state, so the head knows them; the block is read last, as in `readRanking`. */
export async function readSharing(client: RpcClient, block: SourceBlock): Promise<SourceSharing | undefined> {
  const found = await findRow(client, { view: 'termIncomes', args: {}, number: 'term' }, (row) => {
    const endedAt = numberIn(row, 'endedAt')
    return endedAt === block.timeMs ? 'this' : endedAt < block.timeMs ? 'none' : 'older'
  })
  if (found === undefined) return undefined
  const term = numberIn(found, 'term')
  const parts = await Promise.all(
    (await producersBefore(client, block.term)).map(async (delegate) => {
      const list = { view: 'delegateIncomes', args: { delegate }, number: 'number' }
      const point = await findRow(client, list, (row) => {
        const at = numberIn(row, 'term')
        return at === term ? 'this' : at < term ? 'none' : 'older'
      })
      return point === undefined ? [] : [partOf(delegate, point)]
    }),
  )
  const { hash } = await client.request('aelf_getBlock', [block.height.toString(), { transactions: 'ids' }])
  if (hash !== block.hash)
    throw new IndexerError('index.sourceMoved', `The end of term ${term} of the node is of another branch`)
  return {
    term,
    startedAtMs: numberIn(found, 'startedAt'),
    endedAtMs: block.timeMs,
    blocks: numberIn(found, 'blocks'),
    fees: amountIn(found, 'fees'),
    minted: amountIn(found, 'minted'),
    income: amountIn(found, 'income'),
    shared: amountIn(found, 'shared'),
    parts: parts.flat(),
  }
}

const partOf = (delegate: Address, row: Row): SourceSharing['parts'][number] => ({
  delegate,
  blocks: numberIn(row, 'blocks'),
  income: amountIn(row, 'income'),
  commission: amountIn(row, 'commission'),
  weight: amountIn(row, 'weight'),
  perWeight: amountIn(row, 'perWeight'),
})
