import type { Registry } from '#contracts/runtime'
import {
  ExecutionError,
  type ExecutionInput,
  type ExecutionOutput,
  type Executor,
  type Lanes,
  LaneWork,
} from '#executor'
import { encodeReceipt, type SparseTree, transactionId } from '#kernel'
import { bytesToHex, createPrng } from '#primitives'
import { createLaneWorld, type LaneWorld, randomTransactions } from './world.ts'

const byPath = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number => (a < b ? -1 : 1)

/** Everything an execution came to, as text: equal texts are equal results. */
export function describeOutput({ diff, written, ...output }: ExecutionOutput): string {
  const { transactions, receipts, costs, dropped, summary, blockEvents } = output
  return JSON.stringify(
    {
      transactions: transactions.map(transactionId),
      receipts: receipts.map((receipt) => bytesToHex(encodeReceipt(receipt))),
      costs,
      dropped: dropped.map(({ transaction, reason, error }) => [transactionId(transaction), reason, error]),
      diff: [...diff].map(([path, value]) => [path, value === null ? null : bytesToHex(value)] as const).sort(byPath),
      written: [...written]
        .map(([path, { item, key }]) => [path, item.address, item.number, bytesToHex(key)] as const)
        .sort(byPath),
      summary,
      blockEvents: blockEvents.map(({ contract, number, data }) => [contract, number, bytesToHex(data)]),
    },
    (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value),
  )
}

/** The text of a result, or of why there is none. */
export async function outcomeOf(
  executor: Executor,
  input: ExecutionInput,
): Promise<{ text: string; output?: ExecutionOutput }> {
  try {
    const output = await executor.execute(input)
    return { text: describeOutput(output), output }
  } catch (error) {
    if (!(error instanceof ExecutionError)) throw error
    return { text: `${error.code} ${JSON.stringify(error.details)}` }
  }
}

/** Small enough to be full now and then. */
const LANE_BYTES = 4096
/** Never full: what comes of calls is not much longer than they are. */
const STEP_BYTES = 16 * LANE_BYTES

/** Lanes without threads. `slow` calls of a hundred are not done before the last one was given, so that the caller has its turns. */
export function inlineLanes(registry: Registry, count: number, slow = 40): Lanes {
  const prng = createPrng(`lanes ${slow}`)
  return {
    ready: () => count,
    open(_, order) {
      const memory = { calls: new Uint8Array(LANE_BYTES), steps: new Uint8Array(STEP_BYTES) }
      const work = new LaneWork(registry, order, { ...memory, nowUs: () => 0 })
      let [given, done] = [0, 0]
      return {
        memory,
        give(end) {
          work.run(end, () => {
            given += 1
          })
          if (prng.int(100) >= slow) done += 1
        },
        done: () => done,
        close: () => undefined,
        answer: async () => {
          done = given
          return work.finish()
        },
      }
    },
  }
}

export interface CampaignOptions {
  readonly seed: string
  readonly blocks: number
  /** Most transactions of a block. */
  readonly most: number
  /** Executors to hold against the first one. */
  readonly executors: (world: LaneWorld) => readonly Executor[]
  /** Called now and then. */
  progress?(blocks: number): void
}

export interface CampaignResult {
  readonly blocks: number
  readonly transactions: number
  readonly invalid: number
  readonly dropped: number
  readonly failed: number
}

/** Random blocks, one upon the other, through every executor. Throws where two of them differ. */
export async function compareExecutors(options: CampaignOptions): Promise<CampaignResult> {
  const prng = createPrng(options.seed)
  const count = { blocks: 0, transactions: 0, invalid: 0, dropped: 0, failed: 0 }
  const world = createLaneWorld()
  const [reference, ...others] = options.executors(world)
  let state: SparseTree = world.genesis()
  for (let block = 0; block < options.blocks; block++) {
    if (block % 500 === 499) {
      // Accounts run dry and shelves fill up: begin anew.
      state = world.genesis()
      options.progress?.(block + 1)
    }
    const transactions = randomTransactions(world, prng, options.most)
    const mode = prng.bool([1, 2]) ? 'build' : 'validate'
    const input = world.input(BigInt(block + 1), { parentState: state, transactions, mode })
    if (reference === undefined) break
    const expected = await outcomeOf(reference, input)
    for (const [index, executor] of others.entries()) {
      const { text } = await outcomeOf(executor, input)
      if (text !== expected.text) {
        throw new Error(`seed ${options.seed}, block ${block}, executor ${index + 1}:\n${expected.text}\n${text}`)
      }
    }
    count.blocks += 1
    count.transactions += transactions.length
    if (expected.output === undefined) count.invalid += 1
    else {
      count.dropped += expected.output.dropped.length
      count.failed += expected.output.receipts.filter(({ status }) => status === 'failed').length
      state = state.update(expected.output.diff)
    }
  }
  return count
}
